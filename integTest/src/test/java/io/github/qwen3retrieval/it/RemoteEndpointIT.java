package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One node as the remote endpoint of another: the first has the models and security on, the second,
 * a cluster of its own, has neither models nor more than the privilege of inference.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RemoteEndpointIT {

    private static final String PASSWORD = "not-a-secret";
    private static final String KEY =
            Base64.getEncoder()
                    .encodeToString(("inference:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private static final String ROLES =
            "inference: { cluster: [ 'cluster:monitor/qwen3/inference' ] }\n";

    private static final String SEARCH =
            """
            { "size": 12, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
                "query_vector_builder": { "qwen3_embedding": { "model_text": "how do glaciers move" } } },
              "rescore": { "window_size": 12, "qwen3_reranker": {
                "field": "body", "query_text": "how do glaciers move" } } }
            """;

    private static final String RERANK =
            """
            { "size": 12, "query": { "match_all": {} }, "rescore": { "window_size": 12,
                "qwen3_reranker": { "field": "body", "query_text": "ice moves" } } }
            """;

    private static RealNode models;
    private static RealNode front;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig secured =
                NodeConfig.create(
                                installation,
                                Map.of(
                                        "xpack.security.enabled", true,
                                        "xpack.security.enrollment.enabled", false,
                                        "xpack.security.http.ssl.enabled", false,
                                        "xpack.security.transport.ssl.enabled", false))
                        .withModels();
        Files.writeString(secured.config().resolve("roles.yml"), ROLES);
        secured.addUsers(installation, PASSWORD, List.of("superuser", "inference"));
        models = new RealNode(installation, secured).start("superuser:" + PASSWORD);
        Articles.index(models.client(), "articles", 1, "");

        Map<String, Object> settings = new HashMap<>();
        settings.put("qwen3.inference.enabled", false);
        endpoint(settings, "far-embedding", "embedding", TestModels.EMBEDDING);
        endpoint(settings, "far-reranker", "reranker", TestModels.RERANKER);
        settings.put("qwen3.endpoint.far-embedding.dimensions", TestModels.DIMENSIONS);
        NodeConfig config = NodeConfig.create(installation, settings);
        for (String id : List.of("far-embedding", "far-reranker")) {
            installation.secret(config, "qwen3.endpoint." + id + ".api_key", KEY);
        }
        front = new RealNode(installation, config).start();
        Articles.index(front.client(), "articles", 1, "");
    }

    private static void endpoint(Map<String, Object> settings, String id, String kind, String model)
            throws Exception {
        String prefix = "qwen3.endpoint." + id + ".";
        settings.put(prefix + "url", "http://" + models.httpAddress() + "/_qwen3/v1");
        settings.put(prefix + "kind", kind);
        settings.put(prefix + "model", model);
        settings.put(prefix + "prompts", "service");
        settings.put(prefix + "auth_scheme", "Basic");
        settings.put(prefix + "timeout", "20s");
        settings.put(prefix + "max_retries", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        for (RealNode node : new RealNode[] {front, models}) {
            if (node != null) {
                node.close();
            }
        }
    }

    @Test
    @Order(1)
    void vectorsAndScoresAreThoseOfTheNodeWithTheModels() throws Exception {
        for (int i = 0; i < Articles.TEXTS.size(); i++) {
            assertArrayEquals(vector(models, i), vector(front, i), 1e-5f);
        }
        for (String search : List.of(SEARCH, RERANK)) {
            Hits near = Hits.of(models.client().post("articles/_search", search));
            Hits.of(front.client().post("articles/_search", search)).assertSame(near, 1e-5);
        }
    }

    @Test
    @Order(2)
    void endpointsAreReported() throws Exception {
        JsonNode node = only("models");
        assertEquals(2, node.get("models").size(), node.toString());
        for (JsonNode model : node.get("models")) {
            assertEquals("remote", model.get("state").asText());
        }
        assertEquals(
                TestModels.DIMENSIONS, node.at("/models/0/hidden_size").asInt(), node.toString());
        JsonNode embedding = only("stats").at("/endpoints/far-embedding");
        assertTrue(embedding.get("texts").asInt() >= 12, embedding.toString());
        assertTrue(embedding.get("requests").asInt() < 12, "texts share calls: " + embedding);
        assertEquals("closed", embedding.get("circuit").asText());
        assertFalse(settings().contains(KEY));
        assertEquals(2, front.client().get("_qwen3/v1/models").ok().body().get("data").size());
    }

    @Test
    @Order(3)
    void withoutTheServiceBulksAreToldAndSearchesDegrade() throws Exception {
        Path config = models.config().config().resolve("elasticsearch.yml");
        String port = models.httpAddress().split(":")[1];
        Files.writeString(
                config,
                Files.readString(config).replace("\"http.port\":0", "\"http.port\":" + port));
        models.kill();
        models.awaitExit();
        for (int i = 0; i < 4; i++) {
            JsonNode item = bulk().at("/items/0/index");
            assertEquals(503, item.get("status").asInt(), item.toString());
            assertTrue(item.at("/error/reason").asText().contains("[far-embedding]"));
            NodeClient.Answer degraded = front.client().post("articles/_search", RERANK);
            assertEquals(12, Hits.of(degraded).hits().size());
        }
        JsonNode stats = only("stats").get("endpoints");
        for (JsonNode endpoint : stats) {
            assertEquals("open", endpoint.get("circuit").asText(), stats.toString());
            assertTrue(endpoint.get("retries").asInt() > 0, stats.toString());
        }
        assertEquals(503, front.client().post("articles/_search", SEARCH).status());
        assertEquals(503, embed().status());
        assertTrue(only("models").at("/models/0/error").asText().contains("far-embedding"));
    }

    @Test
    @Order(4)
    void whenItIsBackTheCircuitCloses() throws Exception {
        models.start("superuser:" + PASSWORD);
        long end = System.nanoTime() + 120_000_000_000L;
        NodeClient.Answer embedded = embed();
        NodeClient.Answer reranked = rerank();
        while ((embedded.status() != 200 || reranked.status() != 200) && System.nanoTime() < end) {
            Thread.sleep(200);
            embedded = embed();
            reranked = rerank();
        }
        embedded.ok();
        reranked.ok();
        assertFalse(bulk().get("errors").asBoolean());
        for (JsonNode endpoint : only("stats").get("endpoints")) {
            assertEquals("closed", endpoint.get("circuit").asText());
        }
        vectorsAndScoresAreThoseOfTheNodeWithTheModels();
        assertFalse(front.log().contains(KEY) || front.log().contains("glaciers"), "in the log");
    }

    private static JsonNode bulk() throws Exception {
        return front.client()
                .post("later/_bulk?pipeline=embed", "{\"index\":{}}\n{\"body\":\"ice\"}\n")
                .ok()
                .body();
    }

    private static NodeClient.Answer embed() throws Exception {
        return front.client()
                .post(
                        "_qwen3/v1/embeddings",
                        "{ \"model\": \"far-embedding\", \"input\": \"ice\" }");
    }

    private static NodeClient.Answer rerank() throws Exception {
        return front.client()
                .post(
                        "_qwen3/v1/rerank",
                        "{ \"model\": \"far-reranker\", \"query\": \"ice\", \"documents\": [ \"ice\" ] }");
    }

    private static JsonNode only(String report) throws Exception {
        return front.client().get("_qwen3/" + report).ok().body().get("nodes").elements().next();
    }

    private static String settings() throws Exception {
        return front.client().get("_nodes/settings?flat_settings=true").ok().body().toString();
    }

    private static float[] vector(RealNode node, int id) throws Exception {
        JsonNode stored =
                node.client()
                        .get("articles/_doc/" + id + "?_source_exclude_vectors=false")
                        .ok()
                        .body()
                        .at("/_source/vector");
        float[] vector = new float[stored.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = stored.get(i).floatValue();
        }
        return vector;
    }
}
