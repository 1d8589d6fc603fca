package io.github.qwen3retrieval.models.cli;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Requests one after the other to a model that stays open, each with the seconds it took: so that
 * scripts can time this product beside others. Lines of JSON in, lines of JSON out; the first line
 * out, {@code {"ready": true}}, says that the model is open.
 */
final class TimedRequests {

    private static final Gson GSON = new Gson();

    private final Models models;
    private final String model;
    private final PrintWriter out;

    TimedRequests(Models models, String model, PrintWriter out) {
        this.models = models;
        this.model = model;
        this.out = out;
    }

    /** A request; the query is null where texts are to be embedded. */
    private record Request(String query, List<String> texts) {}

    private record Ready(boolean ready) {}

    private record Vectors(double seconds, List<float[]> vectors) {}

    private record Scores(double seconds, List<Float> scores) {}

    /**
     * Answers to the end of the input.
     *
     * @throws IllegalArgumentException if a line is no request
     */
    void answer(InputStream in) throws IOException, InterruptedException {
        print(new Ready(true));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            Request request = parse(line, number);
            print(request.query == null ? embed(request.texts) : rerank(request));
        }
    }

    private static Request parse(String line, int number) {
        String why = "it has no array [texts] of strings";
        try {
            Request request = GSON.fromJson(line, Request.class);
            if (request != null
                    && request.texts != null
                    && request.texts.stream().allMatch(Objects::nonNull)) {
                return request;
            }
        } catch (JsonParseException e) {
            why = JsonFault.of(e);
        }
        throw new IllegalArgumentException(
                "line ["
                        + number
                        + "] of standard input must be an object like {\"texts\": [\"…\"]}: "
                        + why);
    }

    private Vectors embed(List<String> texts) throws InterruptedException {
        EmbeddingRequest request =
                new EmbeddingRequest(model, InputType.DOCUMENT, texts, null, null, null);
        long started = System.nanoTime();
        List<Embedding> embeddings = Waiting.on(models.embed(request));
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Vectors(seconds, embeddings.stream().map(Embedding::vector).toList());
    }

    private Scores rerank(Request asked) throws InterruptedException {
        RerankRequest request =
                new RerankRequest(model, asked.query, asked.texts, null, null, null);
        long started = System.nanoTime();
        List<RerankScore> scores = Waiting.on(models.rerank(request)).scores();
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Scores(seconds, scores.stream().map(RerankScore::probability).toList());
    }

    private void print(Object line) {
        out.println(GSON.toJson(line));
        out.flush();
    }
}
