package io.github.qwen3retrieval.rescore;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.lucene.search.IndexSearcher;
import org.elasticsearch.search.internal.ContextIndexSearcher;
import org.elasticsearch.search.rescore.RescoreContext;
import org.elasticsearch.tasks.TaskCancelledException;

/** How a search thread waits for a model: in short slices, ready to stop after each. */
final class RerankWait {

    private static final long SLICE_MILLIS = 20;

    private RerankWait() {}

    /**
     * What tells that a search was cancelled or timed out, by throwing. The context knows it within
     * the rescore phase; within an aggregation only the searcher does.
     */
    static Runnable checks(RescoreContext context, IndexSearcher searcher) {
        return () -> {
            context.checkCancellation();
            if (searcher instanceof ContextIndexSearcher contextSearcher) {
                contextSearcher.checkCancelled();
            }
        };
    }

    /**
     * Waits until the reranker is done, or time is up.
     *
     * @param checks called after each slice; where it throws, the reranker's work is cancelled and
     *     the exception goes on
     */
    static RerankOutcome await(PendingRerank pending, Runnable checks) {
        try {
            while (pending.givenUp() == false) {
                checks.run();
                try {
                    return RerankOutcome.of(
                            pending.future().get(SLICE_MILLIS, TimeUnit.MILLISECONDS),
                            pending.documents());
                } catch (TimeoutException e) {
                    continue;
                }
            }
            return RerankOutcome.timedOut(pending.documents());
        } catch (ExecutionException | CancellationException e) {
            return RerankOutcome.failed(RerankFailures.unwrap(e), pending.documents());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskCancelledException("interrupted while waiting for the reranker");
        } finally {
            // without effect where it is done
            pending.future().cancel(true);
        }
    }
}
