package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.spi.ModelAccess;
import io.github.qwen3retrieval.spi.TextsToEmbed;
import io.github.qwen3retrieval.spi.TextsToScore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The node's embedder and reranker as other plugins see them. They are looked up at each call:
 * other plugins are given this before they are made.
 */
final class NodeModelAccess implements ModelAccess {

    private final Supplier<Embedder> embedder;
    private final Supplier<Reranker> reranker;

    NodeModelAccess(Supplier<Embedder> embedder, Supplier<Reranker> reranker) {
        this.embedder = embedder;
        this.reranker = reranker;
    }

    @Override
    public CompletableFuture<List<float[]>> embed(TextsToEmbed request) {
        EmbeddingRequest texts =
                new EmbeddingRequest(
                        request.modelId(),
                        request.query() ? InputType.QUERY : InputType.DOCUMENT,
                        request.texts(),
                        request.instruction(),
                        request.dimensions(),
                        request.maxLength());
        return mapped(
                embedder.get().embed(texts),
                embeddings -> embeddings.stream().map(Embedding::vector).toList());
    }

    @Override
    public CompletableFuture<float[]> score(TextsToScore request) {
        RerankRequest documents =
                new RerankRequest(
                        request.modelId(),
                        request.query(),
                        request.texts(),
                        request.instruction(),
                        request.maxLength(),
                        null);
        return mapped(reranker.get().rerank(documents), NodeModelAccess::probabilities);
    }

    private static float[] probabilities(RerankResponse response) {
        float[] probabilities = new float[response.scores().size()];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = response.scores().get(i).probability();
        }
        return probabilities;
    }

    /** As thenApply, which does not lead a cancellation on to its source. */
    private static <T, R> CompletableFuture<R> mapped(
            CompletableFuture<T> source, Function<T, R> mapping) {
        CompletableFuture<R> answer = source.thenApply(mapping);
        answer.whenComplete(
                (value, failure) -> {
                    if (answer.isCancelled()) {
                        source.cancel(true);
                    }
                });
        return answer;
    }
}
