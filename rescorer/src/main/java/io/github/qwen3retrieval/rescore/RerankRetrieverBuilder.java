package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.index.query.QueryBuilder;
import org.elasticsearch.index.query.RankDocsQueryBuilder;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.search.rank.RankDoc;
import org.elasticsearch.search.retriever.CompoundRetrieverBuilder;
import org.elasticsearch.search.retriever.RetrieverBuilder;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * The retriever {@code qwen3_reranker} of a search request: reranks one window of {@code
 * rank_window_size} candidates of the whole index, on the coordinating node.
 *
 * <p>Its only child is a {@link CandidatesRetrieverBuilder} around the retrievers of the request.
 * When that has become a list of documents, the search for just these documents carries a {@link
 * RerankRankBuilder}, which has their texts read on the shards and scored once.
 *
 * <p>{@code min_score} is a lower bound of P(yes). It leaves out hits that the model scored below
 * it and hits without a text. Hits that were not scored, because time ran out or the model failed,
 * stay: nothing is known against them.
 */
public final class RerankRetrieverBuilder extends CompoundRetrieverBuilder<RerankRetrieverBuilder> {

    /** Name in requests. */
    public static final String NAME = "qwen3_reranker";

    static final ParseField RETRIEVER = new ParseField("retriever");
    static final ParseField RETRIEVERS = new ParseField("retrievers");

    private final RerankParams params;
    private final Float minProbability;
    private final RerankServices services;

    /**
     * Over these retrievers.
     *
     * @param window candidates to rerank
     * @param minProbability least P(yes) of a scored hit, or null for any
     */
    public RerankRetrieverBuilder(
            List<RetrieverBuilder> children,
            int window,
            RerankParams params,
            Float minProbability,
            RerankServices services) {
        this(
                RetrieverSource.from(new CandidatesRetrieverBuilder(children, window)),
                window,
                params,
                minProbability,
                services);
    }

    private RerankRetrieverBuilder(
            RetrieverSource candidates,
            int window,
            RerankParams params,
            Float minProbability,
            RerankServices services) {
        super(List.of(candidates), window);
        if (window < 1) {
            throw new IllegalArgumentException(
                    "[rank_window_size] must be at least [1], got [" + window + "]");
        }
        if (minProbability != null && (minProbability >= 0 && minProbability <= 1) == false) {
            throw new IllegalArgumentException(
                    "[min_score] must be between [0] and [1], got [" + minProbability + "]");
        }
        this.params = params;
        this.minProbability = minProbability;
        this.services = services;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    protected void doToXContent(XContentBuilder builder, Params xContentParams) throws IOException {
        RetrieverBuilder candidates = innerRetrievers.getFirst().retriever();
        if (candidates instanceof CandidatesRetrieverBuilder unwritten) {
            unwritten.childrenToXContent(builder);
        }
        params.toXContent(builder, xContentParams);
        builder.field(RANK_WINDOW_SIZE_FIELD.getPreferredName(), rankWindowSize);
        if (minProbability != null) {
            builder.field(MIN_SCORE_FIELD.getPreferredName(), minProbability);
        }
    }

    @Override
    protected RerankRetrieverBuilder clone(
            List<RetrieverSource> newChildren, List<QueryBuilder> newFilters) {
        var clone =
                new RerankRetrieverBuilder(
                        newChildren.getFirst(), rankWindowSize, params, minProbability, services);
        clone.preFilterQueryBuilders = new ArrayList<>(newFilters);
        clone.retrieverName = retrieverName;
        return clone;
    }

    /** Makes the search for the candidates rerank them; without candidates it stays as it is. */
    @Override
    protected SearchSourceBuilder finalizeSourceBuilder(SearchSourceBuilder source) {
        RankDoc[] candidates = ((RankDocsQueryBuilder) source.query()).rankDocs();
        return candidates.length == 0
                ? source
                : source.rankBuilder(
                        new RerankRankBuilder(
                                rankWindowSize, params, CandidateOrder.of(candidates), services));
    }

    @Override
    protected RankDoc[] combineInnerRetrieverResults(List<ScoreDoc[]> results, boolean explain) {
        List<RankDoc> kept = new ArrayList<>();
        for (ScoreDoc doc : results.getFirst()) {
            if (isWanted(doc.score)) {
                RankDoc rankDoc =
                        explain
                                ? new RerankRankDoc(doc, params.modelId(), params.instruction())
                                : new RankDoc(doc.doc, doc.score, doc.shardIndex);
                kept.add(rankDoc);
                rankDoc.rank = kept.size();
            }
        }
        return kept.toArray(RankDoc[]::new);
    }

    private boolean isWanted(float score) {
        return minProbability == null
                || WindowScores.isKept(score)
                || (WindowScores.isReranked(score) && score >= minProbability);
    }

    @Override
    public boolean doEquals(Object other) {
        RerankRetrieverBuilder that = (RerankRetrieverBuilder) other;
        return super.doEquals(other)
                && params.equals(that.params)
                && Objects.equals(minProbability, that.minProbability);
    }

    @Override
    public int doHashCode() {
        return Objects.hash(super.doHashCode(), params, minProbability);
    }
}
