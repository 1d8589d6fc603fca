package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The node's numbers are those of the command line: for texts of many lengths and scripts, with
 * instruction, dimensions and length of the user's own, on one shard and on three.
 */
@ExtendWith(SharedNode.class)
class EqualityIT {

    private static final double TOLERANCE = 1e-5;
    private static final long SEED = 7;
    private static final List<String> TEXTS = MixedTexts.of(SEED, 25);

    private static final String QUERY = "wie bewegt sich 冰川?";
    private static final String TASK = "Given a question, find what answers it";
    private static final String DOCUMENT_TASK = "Represent this note";

    private static final String KNN =
            """
            { "field": "vector", "k": %d, "num_candidates": 100, "query_vector_builder": {
                "qwen3_embedding": { "model_text": "%s", "instruction": "%s",
                                     "dimensions": 48, "max_length": 32 } } }
            """;

    private static final String RERANKER =
            String.format(
                    Locale.ROOT,
                    """
            "field": "body", "query_text": "%s", "instruction": "%s", "max_length": 300
            """,
                    QUERY,
                    TASK);

    private static Qwen3Output vectors;
    private static Qwen3Output scores;
    private static double[] query;

    private final NodeClient client;

    EqualityIT(RealNode node) {
        client = node.client();
    }

    @BeforeAll
    static void index(RealNode node) throws Exception {
        node.client()
                .put(
                        "_ingest/pipeline/equality",
                        String.format(
                                Locale.ROOT,
                                """
                        { "processors": [ { "qwen3_embedding": {
                            "field": "body", "target_field": "vector", "instruction": "%s",
                            "dimensions": 48, "max_length": 400 } } ] }
                        """,
                                DOCUMENT_TASK))
                .ok();
        for (int shards : List.of(1, 3)) {
            node.client()
                    .put(
                            "equality-" + shards,
                            String.format(
                                    Locale.ROOT,
                                    """
                            { "settings": {
                                "number_of_shards": %d, "number_of_replicas": 0,
                                "default_pipeline": "equality",
                                "index.mapping.exclude_source_vectors": false },
                              "mappings": { "properties": {
                                "body": { "type": "text" },
                                "vector": { "type": "dense_vector", "dims": 48,
                                            "similarity": "dot_product",
                                            "index_options": { "type": "flat" } } } } }
                            """,
                                    shards))
                    .ok();
            MixedTexts.index(node.client(), "equality-" + shards, TEXTS);
        }
        Installation installation = node.installation();
        vectors =
                Qwen3Output.of(
                        installation,
                        "embed",
                        TEXTS,
                        "--instruction=" + DOCUMENT_TASK,
                        "--dimensions=48",
                        "--max-length=400");
        query =
                Qwen3Output.of(
                                installation,
                                "embed",
                                List.of(QUERY),
                                "--query",
                                "--instruction=" + TASK,
                                "--dimensions=48",
                                "--max-length=32")
                        .vector(0);
        scores =
                Qwen3Output.of(
                        installation,
                        "rerank",
                        TEXTS,
                        "--query=" + QUERY,
                        "--instruction=" + TASK,
                        "--max-length=300");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void storedVectorsAreThoseOfTheCommandLine(int shards) throws IOException {
        boolean anyCut = false;
        for (int i = 0; i < TEXTS.size(); i++) {
            JsonNode stored = client.get("equality-" + shards + "/_doc/" + i).ok().body();
            double[] vector = Qwen3Output.numbers(stored.at("/_source/vector"));
            assertArrayEquals(vectors.vector(i), vector, TOLERANCE, "text " + i);
            anyCut |= vectors.truncated(i);
        }
        assertTrue(anyCut, "no text was longer than the limit");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void knnScoresAreDotProductsWithTheCommandLinesQuery(int shards) throws IOException {
        String knn = String.format(Locale.ROOT, KNN, TEXTS.size(), QUERY, TASK);
        JsonNode hits = search(shards, "{ \"size\": 100, \"knn\": " + knn + " }");
        assertEquals(TEXTS.size(), hits.size());
        for (JsonNode hit : hits) {
            double[] vector = vectors.vector(hit.get("_id").asInt());
            double dot = 0;
            for (int j = 0; j < vector.length; j++) {
                dot += query[j] * vector[j];
            }
            assertEquals((1 + dot) / 2, hit.get("_score").asDouble(), TOLERANCE);
        }
    }

    @Test
    void rerankedWindowsAreTheSameFromThreeShardsAsFromOne() throws IOException {
        String knn = String.format(Locale.ROOT, KNN, 15, QUERY, TASK);
        for (String body :
                List.of(
                        String.format(
                                Locale.ROOT,
                                """
                        { "size": 15, "knn": %s,
                          "rescore": { "window_size": 15, "qwen3_reranker": { %s } } }
                        """,
                                knn,
                                RERANKER),
                        String.format(
                                Locale.ROOT,
                                """
                        { "size": 15, "retriever": { "rescorer": { "retriever": { "knn": %s },
                            "rescore": { "window_size": 15, "qwen3_reranker": { %s } } } } }
                        """,
                                knn,
                                RERANKER),
                        String.format(
                                Locale.ROOT,
                                """
                        { "size": 15, "retriever": { "qwen3_reranker": {
                            "retriever": { "knn": %s }, %s, "rank_window_size": 15 } } }
                        """,
                                knn,
                                RERANKER))) {
            JsonNode one = search(1, body);
            JsonNode three = search(3, body);
            assertEquals(15, one.size(), body);
            assertEquals(ids(one), ids(three), body);
            for (int i = 0; i < one.size(); i++) {
                double expected = scores.score(one.get(i).get("_id").asInt());
                assertEquals(expected, one.get(i).get("_score").asDouble(), TOLERANCE, body);
                assertEquals(expected, three.get(i).get("_score").asDouble(), TOLERANCE, body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void explainShowsScoreTokensAndCutOfEveryHit(int shards) throws IOException {
        JsonNode hits =
                search(
                        shards,
                        String.format(
                                Locale.ROOT,
                                """
                        { "explain": true, "size": 36, "query": { "match_all": {} },
                          "rescore": { "window_size": 36, "qwen3_reranker": { %s } } }
                        """,
                                RERANKER));
        assertEquals(TEXTS.size(), hits.size());
        boolean anyCut = false;
        for (JsonNode hit : hits) {
            int i = hit.get("_id").asInt();
            JsonNode explanation = hit.get("_explanation");
            assertEquals(scores.score(i), hit.get("_score").asDouble(), TOLERANCE);
            assertEquals(
                    hit.get("_score").asDouble(), explanation.get("value").asDouble(), TOLERANCE);
            assertEquals(scores.tokens(i), explanation.at("/details/2/value").asInt());
            String cut = explanation.at("/details/2/description").asText();
            assertTrue(cut.contains("truncated [" + scores.truncated(i) + "]"), cut);
            assertTrue(explanation.get("description").asText().contains("[" + TASK + "]"));
            anyCut |= scores.truncated(i);
        }
        assertTrue(anyCut, "no text was longer than the limit");
    }

    private static List<Integer> ids(JsonNode hits) {
        return IntStream.range(0, hits.size())
                .mapToObj(i -> hits.get(i).get("_id").asInt())
                .toList();
    }

    private JsonNode search(int shards, String body) throws IOException {
        JsonNode answer = client.post("equality-" + shards + "/_search", body).ok().body();
        assertEquals(0, answer.at("/_shards/failed").asInt(), answer.toString());
        return answer.at("/hits/hits");
    }
}
