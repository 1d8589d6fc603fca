package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An embedder whose answers come back in the thread context of their requests. */
record NodeEmbedder(Embedder models, RequestThreads threads) implements Embedder {

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return threads.call(() -> models.embed(request));
    }
}
