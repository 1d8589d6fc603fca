package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;

/** The scores of a {@link RerankMessage}, in the order of its documents. */
final class RerankAnswer extends ModelAnswer<RerankResponse> {

    private final RerankResponse response;

    RerankAnswer(long queueTokens, RerankResponse response) {
        super(queueTokens);
        this.response = response;
    }

    RerankAnswer(StreamInput in) throws IOException {
        super(in);
        String modelId = in.readString();
        String instruction = in.readString();
        List<RerankScore> scores = in.readCollectionAsList(RerankAnswer::readScore);
        this.response = new RerankResponse(modelId, instruction, scores);
    }

    /** Null where time ran out first. */
    private static RerankScore readScore(StreamInput in) throws IOException {
        return in.readBoolean()
                ? new RerankScore(in.readFloat(), in.readFloat(), in.readVInt(), in.readBoolean())
                : null;
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeString(response.modelId());
        out.writeString(response.instruction());
        out.writeCollection(response.scores(), RerankAnswer::writeScore);
    }

    private static void writeScore(StreamOutput out, RerankScore score) throws IOException {
        out.writeBoolean(score != null);
        if (score != null) {
            out.writeFloat(score.yes());
            out.writeFloat(score.no());
            out.writeVInt(score.tokens());
            out.writeBoolean(score.truncated());
        }
    }

    @Override
    RerankResponse value() {
        return response;
    }
}
