package io.github.qwen3retrieval.inference;

import io.github.qwen3retrieval.spi.ModelAccess;
import io.github.qwen3retrieval.spi.TextsToEmbed;
import io.github.qwen3retrieval.spi.TextsToScore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Models that keep what they are asked, and answer when the test does. */
final class HeldModels implements ModelAccess {

    final List<TextsToEmbed> embedded = new ArrayList<>();
    final List<TextsToScore> scored = new ArrayList<>();
    final List<CompletableFuture<List<float[]>>> vectors = new ArrayList<>();
    final List<CompletableFuture<float[]>> scores = new ArrayList<>();

    @Override
    public CompletableFuture<List<float[]>> embed(TextsToEmbed request) {
        embedded.add(request);
        vectors.add(new CompletableFuture<>());
        return vectors.getLast();
    }

    @Override
    public CompletableFuture<float[]> score(TextsToScore request) {
        scored.add(request);
        scores.add(new CompletableFuture<>());
        return scores.getLast();
    }

    /** Answers a call with vectors that say which text they are of. */
    void answer(int call) {
        vectors.get(call)
                .complete(embedded.get(call).texts().stream().map(HeldModels::vector).toList());
    }

    /** A vector that only this text has. */
    static float[] vector(String text) {
        return new float[] {text.length(), text.hashCode()};
    }
}
