package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Three nodes with security on, of which one has the models, one has an empty folder and one is
 * told to run none: every node does everything, for users of few privileges, until the models
 * leave.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelNodesIT {

    private static final String PASSWORD = "not-a-secret";

    /** One of the nodes holds the models, the others do not. */
    private static final List<String> NODES = List.of("models", "empty", "off");

    private static final String ROLES =
            """
            reader:
              indices: [ { names: [ 'articles*' ], privileges: [ 'read' ] } ]
            writer:
              indices: [ { names: [ 'articles*' ], privileges: [ 'read', 'write', 'create_index' ] } ]
            everything:
              cluster: [ 'all' ]
              indices: [ { names: [ '*' ], privileges: [ 'all' ] } ]
            """;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                Cluster.start(
                        "superuser:" + PASSWORD,
                        ModelNodesIT::secure,
                        List.of(
                                new Cluster.Member("models", true, security(Map.of())),
                                new Cluster.Member("empty", false, security(Map.of())),
                                new Cluster.Member(
                                        "off",
                                        true,
                                        security(Map.of("qwen3.inference.enabled", false)))));
        Articles.index(client("off"), "articles", 3, "");
        client("off")
                .put(
                        "hidden",
                        """
                        { "mappings": {
                            "_meta": { "qwen3": { "vector": { "dimensions": 4096 } } },
                            "properties": { "vector": { "type": "dense_vector" } } } }
                        """)
                .ok();
        cluster.awaitAll();
    }

    private static void secure(NodeConfig config) throws IOException, InterruptedException {
        Files.writeString(config.config().resolve("roles.yml"), ROLES);
        config.addUsers(
                SharedInstallation.get(),
                PASSWORD,
                List.of("superuser", "reader", "writer", "everything"));
    }

    private static Map<String, Object> security(Map<String, Object> more) {
        Map<String, Object> settings = new LinkedHashMap<>(more);
        settings.put("xpack.security.enabled", true);
        settings.put("xpack.security.enrollment.enabled", false);
        settings.put("xpack.security.http.ssl.enabled", false);
        settings.put("xpack.security.transport.ssl.enabled", false);
        return settings;
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static NodeClient client(String node) {
        return cluster.client(node);
    }

    private static NodeClient client(String node, String user) throws IOException {
        return new NodeClient(cluster.node(node).httpAddress(), user + ":" + PASSWORD);
    }

    @Test
    @Order(1)
    void everyNodeFindsAndRanksAlike() throws Exception {
        for (String body : List.of(knn(""), rescore(""), retriever(""))) {
            Hits expected = Hits.of(client("models").post("articles/_search", body));
            assertEquals(12, expected.hits().size());
            for (String node : NODES) {
                Hits.of(client(node).post("articles/_search", body)).assertSame(expected, 1e-6);
            }
        }
    }

    @Test
    @Order(2)
    void everyNodeEmbedsDocumentsAlike() throws Exception {
        List<JsonNode> vectors = new ArrayList<>();
        for (String node : NODES) {
            try (NodeClient writer = client(node, "writer")) {
                Articles.bulk(writer, "articles-" + node, Articles.TEXTS);
                NodeClient.Answer one =
                        writer.put(
                                "articles-" + node + "/_doc/x?pipeline=embed&refresh=true",
                                "{ \"body\": \"how do glaciers move\" }");
                assertEquals(201, one.status(), one.body().toString());
                vectors.add(
                        writer.get("articles-" + node + "/_doc/x")
                                .ok()
                                .body()
                                .at("/_source/vector"));
            }
        }
        assertEquals(TestModels.DIMENSIONS, vectors.getFirst().size());
        for (JsonNode vector : vectors) {
            for (int i = 0; i < TestModels.DIMENSIONS; i++) {
                assertEquals(vectors.getFirst().get(i).asDouble(), vector.get(i).asDouble(), 1e-6);
            }
        }
    }

    @Test
    @Order(3)
    void toReadIsEnoughOnEveryNode() throws Exception {
        for (String node : NODES) {
            try (NodeClient reader = client(node, "reader")) {
                for (String body : List.of(knn(""), rescore(""), retriever(""))) {
                    assertEquals(12, Hits.of(reader.post("articles/_search", body)).hits().size());
                }
            }
        }
    }

    /** No user has the actions by which nodes ask each other, not even one with all privileges. */
    @Test
    @Order(4)
    void whatNodesAskOfEachOtherIsNoUsers() throws Exception {
        try (NodeClient everything = client("off", "everything")) {
            NodeClient.Answer answer =
                    everything.post(
                            "_security/user/_has_privileges",
                            "{ \"cluster\": [ \"internal:qwen3/embed\" ] }");
            boolean refused = answer.status() == 400;
            assertTrue(
                    refused || answer.body().get("has_all_requested").asBoolean() == false,
                    answer.body().toString());
            for (String path : List.of("_qwen3/embed", "_qwen3/rerank", "_qwen3/catalogue")) {
                int status = everything.post(path, "{}").status();
                assertTrue(status == 400 || status == 405, path + " is " + status);
            }
        }
    }

    @Test
    @Order(4)
    void reloadingTakesMoreThanSearching() throws Exception {
        String path = "_qwen3/models/" + TestModels.EMBEDDING + "/_reload";
        try (NodeClient reader = client("off", "reader");
                NodeClient everything = client("off", "everything")) {
            assertEquals(403, reader.post(path, "").status());
            assertEquals(1, everything.post(path, "").ok().body().get("nodes").size());
        }
    }

    /** What an index that is hidden from a user was made with is hidden, too. */
    @Test
    @Order(4)
    void aHiddenIndexTellsNothingOfItsStamp() throws Exception {
        String query = knn(", \"verify_index\": \"hidden\", \"verify_field\": \"vector\"");
        NodeClient.Answer seen = client("off").post("articles/_search", query);
        assertEquals(400, seen.status(), seen.body().toString());
        assertTrue(seen.reason().contains("has [dimensions] [4096]"), seen.reason());
        try (NodeClient reader = client("off", "reader")) {
            String hidden = reader.post("articles/_search", query).body().toString();
            String absent =
                    reader.post("articles/_search", query.replace("hidden", "absent"))
                            .body()
                            .toString();
            assertTrue(hidden.contains("has no stamp; put"), hidden);
            assertEquals(absent, hidden.replace("hidden", "absent"));
        }
    }

    @Test
    @Order(5)
    void everyNodeIsReported() throws Exception {
        JsonNode nodes = client("empty").get("_qwen3/models").ok().body().get("nodes");
        assertEquals(3, nodes.size());
        for (JsonNode node : nodes) {
            boolean models = node.get("name").asText().equals("models");
            assertEquals(models ? 2 : 0, node.get("models").size(), node.toString());
        }
        String log = cluster.node("off").log();
        assertFalse(log.contains("no model in ["), log);
        assertFalse(log.contains("native libraries in ["), log);
        assertTrue(log.contains("this node runs no models"), log);
    }

    @Test
    @Order(6)
    void whatIsWrongIsSaidAlikeOnEveryNode() throws Exception {
        for (String node : NODES) {
            refused(node, knn(", \"model_id\": \"nowhere\""), "[model_id] [nowhere]");
            refused(node, rescore(", \"model_id\": \"nowhere\""), "[model_id] [nowhere]");
            refused(node, retriever(", \"model_id\": \"nowhere\""), "[model_id] [nowhere]");
            refused(node, knn(", \"dimensions\": 65"), "[dimensions] must be between [32]");
            refused(
                    node,
                    knn(", \"model_id\": \"" + TestModels.RERANKER + "\""),
                    "is of kind [reranker], but [embedding] is needed");
        }
    }

    private static void refused(String node, String body, String words) throws IOException {
        NodeClient.Answer answer = client(node).post("articles/_search", body);
        assertEquals(400, answer.status(), node + ": " + answer.body());
        assertTrue(answer.body().toString().contains(words), node + ": " + answer.body());
    }

    /** Last: the node with the models goes and comes back. */
    @Test
    @Order(7)
    void whileTheModelsAreAwayItIsSaidAndTheyAreFoundAgain() throws Exception {
        client("off").put("articles/_settings", "{ \"index.number_of_replicas\": 2 }").ok();
        client("off").awaitGreen(Duration.ofMinutes(1));
        cluster.node("models").stop();
        for (String node : List.of("empty", "off")) {
            Cluster.awaitNodes(client(node), 2);
            NodeClient.Answer knn = client(node).post("articles/_search", knn(""));
            assertEquals(503, knn.status(), knn.body().toString());
            String said = knn.body().toString();
            assertTrue(said.contains(TestModels.EMBEDDING) && said.contains("[models]"), said);
            for (String body : List.of(rescore(""), retriever(""))) {
                Hits kept = Hits.of(client(node).post("articles/_search", body));
                assertEquals(12, kept.hits().size());
                assertTrue(kept.hits().getFirst().score() < 1e-20, kept.toString());
                String warned = warnings(node, body).toString();
                assertTrue(warned.contains("kept the first-stage order of"), warned);
                assertTrue(warned.contains("was on node [models]"), warned);
            }
            NodeClient.Answer strict =
                    client(node).post("articles/_search", rescore(", \"on_failure\": \"fail\""));
            assertEquals(503, strict.status(), strict.body().toString());
            NodeClient.Answer bulk =
                    client(node)
                            .post("articles/_bulk", "{\"index\":{}}\n{ \"body\": \"later\" }\n")
                            .ok();
            assertEquals(503, bulk.body().at("/items/0/index/status").asInt(), bulk.toString());
            refused(node, knn(", \"model_id\": \"nowhere\""), "[model_id] [nowhere]");
        }
        cluster.restart("models");
        everyNodeFindsAndRanksAlike();
    }

    /** The headers {@code Warning} of a search, which Elasticsearch's clients only log. */
    private static List<String> warnings(String node, String body) throws Exception {
        String user = "superuser:" + PASSWORD;
        String basic = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        URI search = URI.create("http://" + cluster.node(node).httpAddress() + "/articles/_search");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(search)
                                    .header("Authorization", "Basic " + basic)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .allValues("Warning");
        }
    }

    private static String knn(String more) {
        return Template.fill(
                """
        { "size": 12, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
            "query_vector_builder": { "qwen3_embedding": {
              "model_text": "how do glaciers move" %s } } } }
        """,
                more);
    }

    private static String rescore(String more) {
        return Template.fill(
                """
        { "size": 12, "query": { "match_all": {} }, "rescore": { "window_size": 12,
            "qwen3_reranker": { "field": "body", "query_text": "how do glaciers move" %s } } }
        """,
                more);
    }

    private static String retriever(String more) {
        return Template.fill(
                """
        { "size": 12, "retriever": { "qwen3_reranker": {
            "field": "body", "query_text": "how do glaciers move", "rank_window_size": 12,
            "retriever": { "standard": { "query": { "match_all": {} } } } %s } } }
        """,
                more);
    }
}
