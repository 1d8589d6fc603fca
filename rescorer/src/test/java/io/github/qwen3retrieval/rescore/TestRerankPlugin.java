package io.github.qwen3retrieval.rescore;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.search.fetch.FetchSubPhase;

/** Registers what this module has, over a {@link WordOverlapReranker} of the node. */
public final class TestRerankPlugin extends Plugin
        implements SearchPlugin, ActionPlugin, RerankListener {

    final WordOverlapReranker reranker = new WordOverlapReranker();
    final AtomicInteger reranked = new AtomicInteger();
    final AtomicInteger timedOut = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    private final RerankServices services = new RerankServices(() -> reranker, this);

    @Override
    public List<RescorerSpec<?>> getRescorers() {
        return List.of(RerankSearch.rescorer(services));
    }

    @Override
    public List<RetrieverSpec<?>> getRetrievers() {
        return List.of(RerankSearch.retriever(services));
    }

    @Override
    public List<FetchSubPhase> getFetchSubPhases(FetchPhaseConstructionContext context) {
        return List.of(RerankSearch.fetchSubPhase());
    }

    @Override
    public List<NamedWriteableRegistry.Entry> getNamedWriteables() {
        return RerankSearch.namedWriteables(services);
    }

    @Override
    public List<ActionFilter> getActionFilters() {
        return List.of(RerankSearch.searchFilter());
    }

    @Override
    public void onReranked(int hits) {
        reranked.addAndGet(hits);
    }

    @Override
    public void onKept(int hits, KeptCause cause) {
        (cause == KeptCause.TIMEOUT ? timedOut : failed).addAndGet(hits);
    }

    void reset() {
        reranker.requests.clear();
        reranker.abandoned.set(0);
        reranker.failed.set(0);
        reranker.failsFirst = false;
        reranker.millisPerDocument = 0;
        reranker.ignoresTimeout = false;
        reranker.failure = null;
        reranker.refusal = null;
        reranked.set(0);
        timedOut.set(0);
        failed.set(0);
    }
}
