package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Embedder whose vectors depend on the text alone: equal texts, equal vectors; other texts, others.
 * It remembers nothing and answers at once.
 */
final class HashEmbedder implements Embedder {

    static final int HIDDEN_SIZE = 64;

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return CompletableFuture.completedFuture(embeddings(request));
    }

    static List<Embedding> embeddings(EmbeddingRequest request) {
        int dimensions = request.dimensions() == null ? HIDDEN_SIZE : request.dimensions();
        return request.texts().stream()
                .map(text -> new Embedding(vector(text, dimensions), text.length(), false))
                .toList();
    }

    /** float[dimensions] of length 1. */
    static float[] vector(String text, int dimensions) {
        Random random = new Random(text.hashCode());
        double[] gauss = random.doubles(dimensions, -1, 1).toArray();
        double length = 0;
        for (double value : gauss) {
            length += value * value;
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (gauss[i] / Math.sqrt(length));
        }
        return vector;
    }
}
