package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.Reranker;
import java.util.concurrent.CompletableFuture;

/** A reranker whose answers come back in the thread context of their requests. */
record NodeReranker(Reranker models, RequestThreads threads) implements Reranker {

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        return threads.call(() -> models.rerank(request));
    }
}
