package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.Models;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The models of this node's models folder.
 *
 * @param models owned by others
 */
public record LocalModels(Models models) implements Served {

    @Override
    public List<Offer> offers() {
        return models.list().stream().map(LocalModels::offer).toList();
    }

    static Offer offer(ModelStatus model) {
        return new Offer(
                model.id(),
                kind(model.kind()),
                model.state(),
                model.sha256(),
                Math.max(0, model.hiddenSize()));
    }

    private static ModelKind kind(String name) {
        for (ModelKind kind : ModelKind.values()) {
            if (Offer.name(kind).equals(name)) {
                return kind;
            }
        }
        return null;
    }

    @Override
    public boolean has(String modelId) {
        return models.list().stream().anyMatch(model -> model.id().equals(modelId));
    }

    @Override
    public long queueTokens() {
        return Math.max(0, models.stats().queueTokens());
    }

    @Override
    public boolean resolves() {
        return true;
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return models.embed(request);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        return models.rerank(request);
    }
}
