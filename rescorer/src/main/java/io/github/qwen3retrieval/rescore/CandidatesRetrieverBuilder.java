package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.action.ActionRequestValidationException;
import org.elasticsearch.index.query.QueryBuilder;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.search.rank.RankDoc;
import org.elasticsearch.search.retriever.CompoundRetrieverBuilder;
import org.elasticsearch.search.retriever.RetrieverBuilder;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * The union of the candidates of one or several retrievers, in the order to rerank them in. Exists
 * inside a {@link RerankRetrieverBuilder} only.
 */
final class CandidatesRetrieverBuilder
        extends CompoundRetrieverBuilder<CandidatesRetrieverBuilder> {

    CandidatesRetrieverBuilder(List<RetrieverBuilder> children, int window) {
        super(
                new ArrayList<>(children.stream().map(RetrieverSource::from).toList()),
                checked(children, window));
    }

    private CandidatesRetrieverBuilder(int window, List<RetrieverSource> children) {
        super(children, window);
    }

    private static int checked(List<RetrieverBuilder> children, int window) {
        if (children.isEmpty()) {
            throw new IllegalArgumentException("[retrievers] must not be empty");
        }
        return window;
    }

    /** Errors speak of the retriever that the user knows. */
    @Override
    public String getName() {
        return RerankRetrieverBuilder.NAME;
    }

    /** The children alone: the parent has checked the window already. */
    @Override
    public ActionRequestValidationException validate(
            SearchSourceBuilder source,
            ActionRequestValidationException errors,
            boolean isScroll,
            boolean allowPartialSearchResults) {
        // a source without a size says nothing about the window, so only the children speak up
        SearchSourceBuilder sizeless = new SearchSourceBuilder();
        return super.validate(sizeless, errors, false, allowPartialSearchResults);
    }

    @Override
    protected CandidatesRetrieverBuilder clone(
            List<RetrieverSource> newChildren, List<QueryBuilder> newFilters) {
        var clone = new CandidatesRetrieverBuilder(rankWindowSize, newChildren);
        clone.preFilterQueryBuilders = new ArrayList<>(newFilters);
        clone.retrieverName = retrieverName;
        return clone;
    }

    @Override
    protected RankDoc[] combineInnerRetrieverResults(List<ScoreDoc[]> results, boolean explain) {
        return CandidateOrder.interleave(results, rankWindowSize);
    }

    @Override
    protected void doToXContent(XContentBuilder builder, Params params) throws IOException {
        childrenToXContent(builder);
    }

    /** {@code retriever} or {@code retrievers}, as the user gave them. */
    void childrenToXContent(XContentBuilder builder) throws IOException {
        if (innerRetrievers.size() == 1) {
            builder.field("retriever", innerRetrievers.getFirst().retriever());
        } else {
            builder.startArray("retrievers");
            for (RetrieverSource child : innerRetrievers) {
                builder.value(child.retriever());
            }
            builder.endArray();
        }
    }
}
