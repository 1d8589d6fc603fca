package io.github.qwen3retrieval.rescore;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.SearchPlugin;

/** Registers what this module has, over a {@link WordOverlapReranker} of the node. */
public final class TestRerankPlugin extends Plugin implements SearchPlugin, RerankListener {

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
