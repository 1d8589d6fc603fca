package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node in int8, as Elasticsearch's own options start it, finds and reranks nearly as one in
 * float32; where the CPU has no instructions for it the search says so.
 */
@ExtendWith(SharedNode.class)
class Int8IT {

    private static final double CLOSE = 0.02;

    private static final String KNN =
            """
            { "size": 12, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
                "query_vector_builder": { "qwen3_embedding": { "model_text": "ice" } } } }
            """;

    private static final String RERANK =
            """
            { "size": 12, "query": { "match_all": {} },
              "rescore": { "window_size": 12, "qwen3_reranker": {
                "field": "body", "query_text": "ice" } } }
            """;

    @Test
    void scoresAreThoseOfFloat32ButForRounding(RealNode exact) throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config =
                NodeConfig.create(installation, Map.of("qwen3.precision", "int8")).withModels();
        try (RealNode node = new RealNode(installation, config).start()) {
            if (cpuHasInstructions() == false) {
                String answer = node.client().post("_search", RERANK).body().toString();
                assertTrue(answer.contains("[precision] is [int8]"), answer);
                return;
            }
            Articles.index(node.client(), "int8", 1, "");
            Articles.index(exact.client(), "beside-int8", 1, "");
            for (String search : new String[] {KNN, RERANK}) {
                Map<String, Double> expected = scores(exact, "beside-int8", search);
                Map<String, Double> actual = scores(node, "int8", search);
                assertEquals(Articles.TEXTS.size(), actual.size());
                assertEquals(expected.keySet(), actual.keySet());
                actual.forEach((id, score) -> assertEquals(expected.get(id), score, CLOSE, id));
                assertNotEquals(expected, actual, "int8 is not float32");
            }
            JsonNode breaker =
                    node.client()
                            .get("_nodes/stats/breaker?filter_path=nodes.*.breakers.qwen3")
                            .ok()
                            .body()
                            .findValue("qwen3");
            assertTrue(breaker.get("estimated_size_in_bytes").asLong() > 0, breaker.toString());
        }
    }

    private static Map<String, Double> scores(RealNode node, String index, String search)
            throws Exception {
        return Hits.of(node.client().post(index + "/_search", search)).scores();
    }

    private static boolean cpuHasInstructions() throws Exception {
        return Files.readString(Path.of("/proc/cpuinfo"))
                .matches("(?s).*\\b(avx512_vnni|avx_vnni|amx_int8)\\b.*");
    }
}
