package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** What a node serves in these tests: says what it is told to, in place of a network. */
final class StubServed implements Served {

    final List<EmbeddingRequest> embedded = new CopyOnWriteArrayList<>();
    final List<RerankRequest> reranked = new CopyOnWriteArrayList<>();
    volatile List<Offer> offers = List.of();
    volatile long queueTokens;
    volatile Function<EmbeddingRequest, CompletableFuture<List<Embedding>>> embedder =
            request -> CompletableFuture.completedFuture(vectors(request, 1));
    volatile Function<RerankRequest, CompletableFuture<RerankResponse>> reranker =
            request -> new CompletableFuture<>();

    /** A model that the node has from now on. */
    void add(String modelId, ModelKind kind, String sha256) {
        List<Offer> more = new ArrayList<>(offers);
        more.add(new Offer(modelId, kind, "closed", sha256, 64));
        offers = List.copyOf(more);
    }

    /** One vector per text, all of this number. */
    static List<Embedding> vectors(EmbeddingRequest request, float value) {
        return request.texts().stream()
                .map(text -> new Embedding(new float[] {value}, text.length(), false))
                .toList();
    }

    @Override
    public List<Offer> offers() {
        return offers;
    }

    @Override
    public boolean has(String modelId) {
        return offers.stream().anyMatch(offer -> offer.modelId().equals(modelId));
    }

    @Override
    public long queueTokens() {
        return queueTokens;
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        embedded.add(request);
        return embedder.apply(request);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        reranked.add(request);
        return reranker.apply(request);
    }
}
