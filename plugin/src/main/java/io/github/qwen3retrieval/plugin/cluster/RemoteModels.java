package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.endpoint.Endpoints;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The models that this node reaches through endpoints. To the other nodes they are like any that
 * this node has; no sha256 is known of them.
 *
 * @param endpoints owned by others
 */
public record RemoteModels(Endpoints endpoints) implements Served {

    @Override
    public List<Offer> offers() {
        return endpoints.list().stream().map(LocalModels::offer).toList();
    }

    @Override
    public boolean has(String modelId) {
        return endpoints.has(modelId);
    }

    /** What waits here takes nothing of this node's time. */
    @Override
    public long queueTokens() {
        return 0;
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return endpoints.embed(request);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        return endpoints.rerank(request);
    }
}
