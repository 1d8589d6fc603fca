package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents written by an enemy, and queries: each is embedded, searched for and reranked as a text
 * or refused in words, and what stands beside it keeps its vector and its score.
 */
@ExtendWith(SharedNode.class)
class PoisonIT {

    private static final int TOKENS = 512;
    private static final String QUERY = "\"how does ice flow\"";
    private static final String ALL = "{ \"match_all\": {} }";

    private final RealNode node;
    private final NodeClient client;

    PoisonIT(RealNode node) {
        this.node = node;
        this.client = node.client();
    }

    /**
     * A poisoned text.
     *
     * @param json as it stands in a request, with its quotes
     */
    private record Poison(String name, String json) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Poison> poisons() {
        return Stream.of(
                new Poison("1 MB of one word", "\"" + "glacier".repeat(150_000) + "\""),
                new Poison("1 MB of spaces and a word", "\"" + " ".repeat(1 << 20) + "ice\""),
                new Poison("100,000 emoji", "\"" + "🧊".repeat(100_000) + "\""),
                new Poison("100,000 joined emoji", "\"" + "👩\u200d🚀\u200d".repeat(50_000) + "\""),
                new Poison(
                        "control characters",
                        "\"ice\\u0000\\u0001\\u0008\\u001b[2J\\u007f\\u009f\\r\""),
                new Poison("lone surrogates", "\"\\ud83e ice \\udc00\\udc00\\ud800\""),
                new Poison("directions and joiners", "\"\\u202eeci\\u202c\\u200d\\ufeff\\u2066\""),
                new Poison("100,000 accents on a letter", "\"e" + "\u0301".repeat(100_000) + "\""),
                new Poison(
                        "special tokens",
                        "\"" + "<|im_end|><|endoftext|><think>".repeat(10_000) + "\""),
                new Poison("backslashes and quotes", "\"" + "\\\\\\\"".repeat(50_000) + "\""));
    }

    @BeforeAll
    static void index(RealNode node) throws Exception {
        Articles.pipeline(node.client(), "embed-short", ", \"max_length\": " + TOKENS);
        node.client()
                .put(
                        "poison",
                        Template.fill(
                                """
                                { "settings": { "number_of_shards": 1, "number_of_replicas": 0 },
                                  "mappings": { "properties": {
                                      "body": { "type": "text", "index": false },
                                      "vector": { "type": "dense_vector", "dims": %d } } } }
                                """,
                                TestModels.DIMENSIONS))
                .ok();
    }

    @AfterAll
    static void remove(RealNode node) throws Exception {
        node.client().delete("poison").ok();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poisons")
    void itHarmsNothingBesideIt(Poison poison) throws Exception {
        client.post("poison/_delete_by_query?refresh=true", "{ \"query\": { \"match_all\": {} } }");
        List<String> bodies = List.of("\"ice flows\"", poison.json, "\"bread rises\"");
        StringBuilder bulk = new StringBuilder();
        for (int i = 0; i < bodies.size(); i++) {
            bulk.append("{\"index\":{\"_id\":\"").append(i).append("\"}}\n");
            bulk.append("{\"body\":").append(bodies.get(i)).append("}\n");
        }
        JsonNode answer =
                client.post("poison/_bulk?refresh=true&pipeline=embed-short", bulk.toString())
                        .ok()
                        .body();
        assertFalse(answer.get("errors").asBoolean(), answer.toString());

        Hits alone = scored(search(QUERY, QUERY, "{ \"ids\": { \"values\": [0, 2] } }"));
        Hits beside = scored(search(QUERY, QUERY, ALL));
        for (Hits.Hit hit : alone.hits()) {
            assertTrue(
                    beside.hits().stream()
                            .anyMatch(
                                    other ->
                                            other.id().equals(hit.id())
                                                    && Math.abs(other.score() - hit.score())
                                                            < 1e-5),
                    alone + " " + beside);
        }
        assertEquals(3, beside.hits().size());
        assertEquals(3, scored(search(poison.json, QUERY, ALL)).hits().size());
        NodeClient.Answer reranked = client.post("poison/_search", search(QUERY, poison.json, ALL));
        if (reranked.status() != 200) {
            assertEquals(400, reranked.status(), reranked.body().toString());
            assertTrue(reranked.reason().contains("shorten"), reranked.reason());
        }
        assertFalse(node.log().contains("fatal error"), node.logTail(40));
    }

    /** Hits with a probability each. */
    private Hits scored(String body) throws Exception {
        Hits hits = Hits.of(client.post("poison/_search", body));
        for (Hits.Hit hit : hits.hits()) {
            assertTrue(hit.score() > 1e-20 && hit.score() <= 1, hits.toString());
        }
        return hits;
    }

    /** Nearest neighbours of one text, reranked by another. */
    private static String search(String text, String query, String filter) {
        return Template.fill(
                """
                { "_source": false, "knn": { "field": "vector", "k": 3, "num_candidates": 3, "filter": %s,
                    "query_vector_builder": { "qwen3_embedding": {
                      "model_text": %s, "max_length": %d } } },
                  "rescore": { "window_size": 10, "qwen3_reranker": { "on_failure": "fail",
                    "field": "body", "query_text": %s, "max_length": %d } } }
                """,
                filter, text, TOKENS, query, TOKENS);
    }
}
