package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.Objects;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.search.rank.RankDoc;

/** A reranked document that can explain its score; made where a search asks for explanations. */
final class RerankRankDoc extends RankDoc {

    static final String NAME = "qwen3_rank_doc";

    private final String modelId;
    private final String instruction;

    /**
     * With what was asked for.
     *
     * @param modelId null for the node's default
     * @param instruction null for the default
     */
    RerankRankDoc(ScoreDoc doc, String modelId, String instruction) {
        super(doc.doc, doc.score, doc.shardIndex);
        this.modelId = modelId;
        this.instruction = instruction;
    }

    RerankRankDoc(StreamInput in) throws IOException {
        super(in);
        modelId = in.readOptionalString();
        instruction = in.readOptionalString();
    }

    String modelId() {
        return modelId;
    }

    String instruction() {
        return instruction;
    }

    @Override
    protected void doWriteTo(StreamOutput out) throws IOException {
        out.writeOptionalString(modelId);
        out.writeOptionalString(instruction);
    }

    @Override
    public Explanation explain(Explanation[] sources, String[] queryNames) {
        return Explanation.match(score, what(), sources);
    }

    private String what() {
        if (WindowScores.isReranked(score)) {
            double logit = Math.log(score) - Math.log1p(-(double) score);
            return "P(yes) by "
                    + (modelId == null ? "the default model" : "model [" + modelId + "]")
                    + " with "
                    + (instruction == null
                            ? "the default instruction"
                            : "instruction [" + instruction + "]")
                    + ", log-odds ["
                    + (float) logit
                    + "], rank ["
                    + rank
                    + "], of a candidate of";
        }
        return WindowScores.isKept(score)
                ? "was not reranked: below every reranked hit, in first-stage order, a candidate of"
                : "has no text: last, in first-stage order, a candidate of";
    }

    @Override
    protected boolean doEquals(RankDoc other) {
        RerankRankDoc that = (RerankRankDoc) other;
        return Objects.equals(modelId, that.modelId)
                && Objects.equals(instruction, that.instruction);
    }

    @Override
    protected int doHashCode() {
        return Objects.hash(modelId, instruction);
    }

    @Override
    public String getWriteableName() {
        return NAME;
    }

    @Override
    public TransportVersion getMinimalSupportedVersion() {
        return TransportVersion.minimumCompatible();
    }
}
