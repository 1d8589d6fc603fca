package io.github.qwen3retrieval.models;

import java.util.concurrent.CompletableFuture;

/**
 * Says how well documents answer a query. One of the two things the Elasticsearch side sees of a
 * model, beside {@link Embedder}; which model answers, and where it runs, is decided behind it.
 */
public interface Reranker {

    /**
     * Scores every document of the request against its query. Returns at once. Documents are scored
     * in the order given, so that a timeout leaves the last ones without a score.
     *
     * <p>Cancelling the future abandons what has not been computed. It fails as {@link
     * Embedder#embed} does; a query that alone fills the maximum length is an {@link
     * IllegalArgumentException}. A timeout is no failure: the future then completes with the scores
     * there are. It may be completed on the thread of a model.
     */
    CompletableFuture<RerankResponse> rerank(RerankRequest request);
}
