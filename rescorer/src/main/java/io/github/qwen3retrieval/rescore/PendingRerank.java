package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.Reranker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.rest.RestStatus;

/**
 * A window handed to the reranker, with the moment after which nobody waits for it any longer.
 *
 * @param documents how many texts were handed over
 * @param future the response to come; already failed where the reranker refused at once
 * @param giveUpNanos {@link System#nanoTime} of that moment, or null for never
 */
record PendingRerank(int documents, CompletableFuture<RerankResponse> future, Long giveUpNanos) {

    /**
     * The reranker completes with what it has when its timeout passes. It is given this much longer
     * to do so before what it has is given up.
     */
    private static final Duration SLACK = Duration.ofMillis(200);

    /**
     * Starts.
     *
     * @param startNanos when the timeout began to run: reading the texts is part of it
     */
    static PendingRerank start(
            Reranker reranker, RerankParams params, List<String> documents, long startNanos) {
        Long giveUp = null;
        Duration remaining = null;
        if (params.timeout() != null) {
            long deadline = startNanos + params.timeout().nanos();
            giveUp = deadline + SLACK.toNanos();
            remaining = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        }
        CompletableFuture<RerankResponse> future;
        try {
            if (reranker == null) {
                throw new ElasticsearchStatusException(
                        "the node's models are not started yet", RestStatus.SERVICE_UNAVAILABLE);
            }
            future = reranker.rerank(params.request(documents, remaining));
        } catch (RuntimeException e) {
            future = CompletableFuture.failedFuture(e);
        }
        return new PendingRerank(documents.size(), future, giveUp);
    }

    /** Whether the moment to give up has passed. */
    boolean givenUp() {
        return giveUpNanos != null && System.nanoTime() - giveUpNanos >= 0;
    }
}
