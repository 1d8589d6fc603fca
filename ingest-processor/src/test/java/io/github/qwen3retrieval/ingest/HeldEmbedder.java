package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Embedder that keeps its requests open until the test answers them. */
final class HeldEmbedder implements Embedder {

    /** One request and the future it was given. */
    record Held(EmbeddingRequest request, CompletableFuture<List<Embedding>> future) {
        void answer() {
            future.complete(HashEmbedder.embeddings(request));
        }
    }

    final List<Held> held = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        Held one = new Held(request, new CompletableFuture<>());
        held.add(one);
        return one.future();
    }
}
