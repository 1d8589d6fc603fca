package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Measures what the node adds to the models: the same texts through the models alone and through
 * bulk and search, in turn, with random weights of the 0.6B shape; writes {@code
 * integTest/target/node-speed.md}. Not part of the suite, since nothing of it can fail on a slow
 * machine. Takes some 12 GiB of memory, and minutes; by hand:
 *
 * <pre>
 * ./mvnw -q verify -pl integTest -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dit.test=NodeSpeed -Dqwen3.it.precision=float32 -Dqwen3.it.rounds=3
 * </pre>
 */
class NodeSpeed {

    private static final String PRECISION = System.getProperty("qwen3.it.precision", "float32");
    private static final int ROUNDS = Integer.getInteger("qwen3.it.rounds", 3);
    private static final String SHAPE = System.getProperty("qwen3.it.shape", "0.6b");

    private static final int PASSAGES = 64;
    private static final int WINDOW = 50;
    private static final String EMBEDDING = "random-embedding-0.6b";
    private static final String RERANKER = "random-reranker-0.6b";

    private static final String DIRECT_BULK = "embedding, models alone";
    private static final String NODE_BULK = "embedding, bulk";
    private static final String DIRECT_RERANK = "reranking, models alone";
    private static final String NODE_RERANK = "reranking, knn + rescore";
    private static final String TWO_SEARCHES = "reranking, two such searches at once";

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private Models models;
    private NodeClient client;
    private long tokens;

    @Test
    void measure() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config =
                NodeConfig.create(
                        installation,
                        Map.of(
                                "qwen3.precision",
                                PRECISION,
                                // a search is to embed its query, as a first one does
                                "qwen3.cache.query_vectors.size",
                                "0",
                                "qwen3.models.open_at_start",
                                "*",
                                "indices.breaker.qwen3.limit",
                                "90%"));
        // stored as the published checkpoints are
        RandomShape shape = RandomShape.of(SHAPE);
        TestModels.write(
                shape, ModelKind.EMBEDDING, DataType.BF16, config.models().resolve(EMBEDDING));
        TestModels.write(
                shape, ModelKind.RERANKER, DataType.BF16, config.models().resolve(RERANKER));
        ModelsOptions options =
                ModelsOptions.builder(Natives.fromSystemProperty(), config.models())
                        .precision(Precision.parse(PRECISION))
                        .build();
        try (RealNode node = new RealNode(installation, config).start();
                Models alone = new Models(options, MemoryBudget.UNLIMITED)) {
            models = alone;
            client = node.client();
            Articles.pipeline(client, "embed", "");
            create("warm");
            alone.open(EMBEDDING);
            alone.open(RERANKER);
            round(-1, "warm");
            seconds.clear();
            for (int i = 0; i < ROUNDS; i++) {
                create("round" + i);
                round(i, "round" + i);
            }
        }
        write();
    }

    private void create(String index) throws IOException {
        int dimensions = embed(List.of("a")).getFirst().vector().length;
        client.put(
                        index,
                        Template.fill(
                                """
                        { "settings": { "number_of_shards": 1, "number_of_replicas": 0,
                                        "default_pipeline": "embed" },
                          "mappings": { "properties": {
                              "body": { "type": "text" },
                              "vector": { "type": "dense_vector", "dims": %d } } } }
                        """,
                                dimensions))
                .ok();
    }

    private void round(int number, String index) throws Exception {
        List<String> texts =
                IntStream.range(0, PASSAGES).mapToObj(i -> passage(number, i)).toList();
        List<Embedding> vectors = timed(DIRECT_BULK, () -> embed(texts));
        tokens = vectors.stream().mapToLong(Embedding::tokens).sum();
        timed(
                NODE_BULK,
                () -> {
                    MixedTexts.index(client, index, texts);
                    return null;
                });
        String query = "what moves in round " + number;
        JsonNode hits = search(index, "{ " + knn(query) + " }").at("/hits/hits");
        List<String> window = new ArrayList<>();
        hits.forEach(hit -> window.add(hit.at("/_source/body").asText()));
        assertEquals(WINDOW, window.size());
        timed(
                DIRECT_RERANK,
                () ->
                        models.rerank(new RerankRequest(RERANKER, query, window, null, null, null))
                                .join());
        timed(NODE_RERANK, () -> search(index, reranked(query)));
        timed(
                TWO_SEARCHES,
                () -> {
                    CompletableFuture<JsonNode> other =
                            CompletableFuture.supplyAsync(
                                    () -> unchecked(index, reranked(query + " one")));
                    search(index, reranked(query + " two"));
                    return other.join();
                });
    }

    private List<Embedding> embed(List<String> texts) {
        return models.embed(
                        new EmbeddingRequest(
                                EMBEDDING, InputType.DOCUMENT, texts, null, null, null))
                .join();
    }

    private JsonNode unchecked(String index, String body) {
        try {
            return search(index, body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode search(String index, String body) throws IOException {
        return client.post(index + "/_search", body).ok().body();
    }

    private static String knn(String query) {
        return Template.fill(
                """
                "size": %d, "knn": { "field": "vector", "k": %d, "num_candidates": %d,
                  "query_vector_builder": { "qwen3_embedding": { "model_text": "%s" } } }
                """,
                WINDOW, WINDOW, PASSAGES, query);
    }

    private static String reranked(String query) {
        return Template.fill(
                """
                { %s, "rescore": { "window_size": %d, "qwen3_reranker": {
                    "field": "body", "query_text": "%s", "on_failure": "fail" } } }
                """,
                knn(query), WINDOW, query);
    }

    private <T> T timed(String what, Callable<T> work) throws Exception {
        long started = System.nanoTime();
        T result = work.call();
        double took = (System.nanoTime() - started) / 1e9;
        seconds.computeIfAbsent(what, key -> new ArrayList<>()).add(took);
        System.out.printf(Locale.ROOT, "%s: %.2f s%n", what, took);
        return result;
    }

    /** From 20 to about 250 tokens, all different. */
    private static String passage(int round, int number) {
        String[] words = Articles.TEXTS.get(0).split(" ");
        int length = 15 + (number * 37) % 160;
        return IntStream.range(0, length)
                .mapToObj(i -> words[(i * (number + 1)) % words.length])
                .collect(Collectors.joining(" ", round + " " + number + " ", "."));
    }

    private void write() throws IOException {
        MarkdownTable table =
                new MarkdownTable(
                        "node-speed",
                        "The node beside the models alone, "
                                + SHAPE
                                + ", "
                                + PRECISION
                                + ", "
                                + PASSAGES
                                + " passages of "
                                + tokens
                                + " tokens, "
                                + WINDOW
                                + " hits",
                        "what",
                        "median, s",
                        "against",
                        "ratio");
        String against = null;
        for (String what : seconds.keySet()) {
            double median = median(what);
            String ratio = against == null ? "" : Template.fill("%.3f", median / median(against));
            table.row(what, Template.fill("%.2f", median), against == null ? "" : against, ratio);
            against = what.equals(NODE_BULK) || what.equals(TWO_SEARCHES) ? null : what;
        }
        table.write();
    }

    private double median(String what) {
        List<Double> sorted = seconds.get(what).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
