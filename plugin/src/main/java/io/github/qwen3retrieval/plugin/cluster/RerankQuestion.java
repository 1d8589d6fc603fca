package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.elasticsearch.cluster.node.DiscoveryNode;

/**
 * Documents to rerank, wherever the model is.
 *
 * @param startNanos when the timeout began to run: finding the model is part of it
 */
record RerankQuestion(RerankRequest request, RouterServices services, long startNanos)
        implements Question<RerankResponse> {

    @Override
    public View.Wanted wanted() {
        return services.wanted(request.modelId(), ModelKind.RERANKER);
    }

    @Override
    public long tokens() {
        return RouterServices.tokens(request.documents());
    }

    @Override
    public CompletableFuture<RerankResponse> here() {
        return services.here().rerank(request);
    }

    @Override
    public CompletableFuture<RerankResponse> here(String modelId) {
        return services.here().rerank(request(modelId));
    }

    @Override
    public CompletableFuture<RerankAnswer> there(DiscoveryNode node, String modelId) {
        return services.calls().rerank(node, new RerankMessage(request(modelId)));
    }

    private RerankRequest request(String modelId) {
        return new RerankRequest(
                modelId,
                request.query(),
                request.documents(),
                request.instruction(),
                request.maxLength(),
                remaining());
    }

    private Duration remaining() {
        if (request.timeout() == null) {
            return null;
        }
        Duration left = request.timeout().minusNanos(System.nanoTime() - startNanos);
        return left.isPositive() ? left : Duration.ofNanos(1);
    }
}
