package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.elasticsearch.cluster.node.DiscoveryNode;

/** Texts to embed, wherever the model is. */
record EmbedQuestion(EmbeddingRequest request, RouterServices services)
        implements Question<List<Embedding>> {

    @Override
    public View.Wanted wanted() {
        return services.wanted(request.modelId(), ModelKind.EMBEDDING);
    }

    @Override
    public long tokens() {
        return RouterServices.tokens(request.texts());
    }

    @Override
    public CompletableFuture<List<Embedding>> here() {
        return services.here().embed(request);
    }

    @Override
    public CompletableFuture<List<Embedding>> here(String modelId) {
        return services.here().embed(request(modelId));
    }

    @Override
    public CompletableFuture<EmbedAnswer> there(DiscoveryNode node, String modelId) {
        return services.calls().embed(node, new EmbedMessage(request(modelId)));
    }

    private EmbeddingRequest request(String modelId) {
        return new EmbeddingRequest(
                modelId,
                request.inputType(),
                request.texts(),
                request.instruction(),
                request.dimensions(),
                request.maxLength());
    }
}
