package io.github.qwen3retrieval.models.cli;

import com.google.gson.Gson;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a real checkpoint is known to give, from public sources; the resource {@code
 * published-values.json} names the source of each number.
 *
 * @param kind {@code embedding} or {@code reranker}
 * @param layers with the hidden size, tells the model: the folder's name may be anything
 * @param hiddenSize see {@code layers}
 * @param name the published model
 */
record PublishedValues(
        String kind,
        int layers,
        int hiddenSize,
        String name,
        List<Cosines> cosines,
        List<Vector> vectors,
        List<Scores> scores) {

    /** Cosines of queries (rows) and documents (columns), with the default instruction. */
    record Cosines(
            String source,
            List<String> queries,
            List<String> documents,
            double[][] cosines,
            double tolerance) {}

    /** The vector of a document, brought to length 1. */
    record Vector(String source, String text, float[] vector, double tolerance) {}

    /** Either P(yes) or yes − no of documents; the other is null. */
    record Scores(
            String source,
            String query,
            String instruction,
            List<String> documents,
            double[] probabilities,
            double[] logits,
            double tolerance) {}

    /** The values of the published model of that kind and shape, if any are known. */
    static Optional<PublishedValues> of(ModelStatus model) {
        try (InputStream in = PublishedValues.class.getResourceAsStream("published-values.json")) {
            PublishedValues[] all =
                    new Gson()
                            .fromJson(
                                    new InputStreamReader(in, StandardCharsets.UTF_8),
                                    PublishedValues[].class);
            return Arrays.stream(all)
                    .filter(values -> values.kind.equals(model.kind()))
                    .filter(values -> values.layers == model.layers())
                    .filter(values -> values.hiddenSize == model.hiddenSize())
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
