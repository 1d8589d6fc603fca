package io.github.qwen3retrieval.rescore;

import java.util.List;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.plugins.SearchPlugin.RescorerSpec;
import org.elasticsearch.plugins.SearchPlugin.RetrieverSpec;
import org.elasticsearch.search.fetch.FetchSubPhase;
import org.elasticsearch.search.rank.RankBuilder;
import org.elasticsearch.search.rank.RankDoc;

/** What a plugin registers for searches to rerank: all of it. */
public final class RerankSearch {

    private RerankSearch() {}

    /** The rescorer {@code qwen3_reranker}, for {@code SearchPlugin.getRescorers}. */
    public static RescorerSpec<RerankRescorerBuilder> rescorer(RerankServices services) {
        return new RescorerSpec<>(
                RerankRescorerBuilder.NAME,
                in -> new RerankRescorerBuilder(in, services),
                parser -> RerankRescorerBuilder.fromXContent(parser, services));
    }

    /** The retriever {@code qwen3_reranker}, for {@code SearchPlugin.getRetrievers}. */
    public static RetrieverSpec<RerankRetrieverBuilder> retriever(RerankServices services) {
        return new RetrieverSpec<>(
                RerankRetrieverBuilder.NAME,
                (parser, context) -> RetrieverDraft.parse(parser, context, services));
    }

    /**
     * Reads the texts of the retriever's candidates, for {@code SearchPlugin.getFetchSubPhases}.
     */
    public static FetchSubPhase fetchSubPhase() {
        return new TextFetchPhase();
    }

    /** What travels between nodes for the retriever, for {@code Plugin.getNamedWriteables}. */
    public static List<NamedWriteableRegistry.Entry> namedWriteables(RerankServices services) {
        return List.of(
                new NamedWriteableRegistry.Entry(
                        RankBuilder.class,
                        RerankRankBuilder.NAME,
                        in -> new RerankRankBuilder(in, services)),
                new NamedWriteableRegistry.Entry(
                        RankDoc.class, RerankRankDoc.NAME, RerankRankDoc::new));
    }

    /**
     * Warns of hits that were not reranked, and fails searches whose request is wrong, for {@code
     * ActionPlugin.getActionFilters}.
     */
    public static ActionFilter searchFilter() {
        return new RerankSearchFilter();
    }
}
