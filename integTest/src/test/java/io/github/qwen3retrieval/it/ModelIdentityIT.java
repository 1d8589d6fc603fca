package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Two nodes with the models and one without: models are reloaded without a restart, nodes with
 * other bytes are told of and not mixed, and queries that do not go with an index are refused.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelIdentityIT {

    private static final List<String> NODES = List.of("one", "two", "off");
    private static final String RELOAD = "_qwen3/models/" + TestModels.EMBEDDING + "/_reload";

    private static Cluster cluster;
    private static String sha256;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                Cluster.start(
                        Cluster.Member.withModels("one"),
                        Cluster.Member.withModels("two"),
                        new Cluster.Member("off", false, Map.of("qwen3.inference.enabled", false)));
        sha256 = awaitHash("one");
        assertEquals(sha256, awaitHash("two"));
        for (String name : List.of("stamped-1", "stamped-2")) {
            template(name, Template.fill("\"model_sha256\": \"%s\", \"dimensions\": 64", sha256));
            Articles.index(client("off"), name, 1, "");
            client("off").put(name + "/_alias/stamped", null).ok();
        }
        Articles.index(client("off"), "unstamped", 1, "");
        cluster.awaitAll();
    }

    private static void template(String pattern, String stamp) throws IOException {
        client("off")
                .put(
                        "_index_template/" + pattern,
                        Template.fill(
                                """
                        { "index_patterns": [ "%s" ], "template": { "mappings": {
                            "_meta": { "qwen3": { "vector": { %s } } } } } }
                        """,
                                pattern, stamp))
                .ok();
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

    private static JsonNode models() throws IOException {
        return client("off").get("_qwen3/models").ok().body();
    }

    /** What a node reports of the embedding model. */
    private static JsonNode model(String node) throws IOException {
        for (JsonNode reported : models().get("nodes")) {
            for (JsonNode model : reported.get("models")) {
                if (reported.get("name").asText().equals(node)
                        && model.get("model_id").asText().equals(TestModels.EMBEDDING)) {
                    return model;
                }
            }
        }
        throw new AssertionError("node [" + node + "] has no model: " + models());
    }

    private static String awaitHash(String node) throws Exception {
        for (int i = 0; i < 300; i++) {
            JsonNode hash = model(node).path("sha256");
            if (hash.isMissingNode() == false) {
                return hash.asText();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no hash of the model on [" + node + "]: " + models());
    }

    @Test
    @Order(1)
    void nodesThatRunNoModelsSaySo() throws Exception {
        JsonNode models = models();
        assertEquals(0, models.get("disagreements").size(), models.toString());
        for (JsonNode node : models.get("nodes")) {
            boolean off = node.get("name").asText().equals("off");
            assertEquals(off == false, node.get("inference").asBoolean(), node.toString());
            assertEquals(off ? 0 : 2, node.get("models").size(), node.toString());
        }
    }

    @Test
    @Order(2)
    void aQueryThatGoesWithItsFieldIsAnswered() throws Exception {
        for (String node : NODES) {
            for (String index : List.of("stamped-1", "stamped")) {
                Hits hits = Hits.of(search(node, "stamped", verify(index, "")));
                assertEquals(5, hits.hits().size());
            }
        }
    }

    @Test
    @Order(3)
    void aQueryThatDoesNotGoWithItsFieldIsRefused() throws Exception {
        refused(verify("stamped-1", ", \"dimensions\": 32"), "has [dimensions] [64], but", "[32]");
        client("off")
                .put("stamped-2/_mapping", meta("\"model_sha256\": \"0123456789abcdef\""))
                .ok();
        refused(verify("stamped-2", ""), "[0123456789ab…]", sha256.substring(0, 12));
        // one of the two still agrees: that is not enough
        refused(verify("stamped", ""), "[stamped-2]", "[model_sha256]");
        client("off").put("stamped-2/_mapping", meta("\"instruction\": \"find\"")).ok();
        refused(verify("stamped-2", ""), "has [instruction] [find], but", "Given a web search");
        String find = ", \"instruction\": \"find\"";
        Hits.of(search("off", "stamped-2", verify("stamped-2", find)));
        client("off").put("stamped-2/_mapping", meta("\"model_id\": \"other\"")).ok();
        refused(verify("stamped-2", ""), "has [model_id] [other], but", TestModels.EMBEDDING);
    }

    @Test
    @Order(4)
    void withoutAStampItIsSaidHowToPutOne() throws Exception {
        String expected = null;
        for (String index : List.of("unstamped", "nowhere", "nowhere-*")) {
            NodeClient.Answer answer = search("off", "unstamped", verify(index, ""));
            assertEquals(400, answer.status(), answer.body().toString());
            String said = answer.body().toString().replace(index, "INDEX");
            assertTrue(said.contains("has no stamp; put"), said);
            expected = expected == null ? said : expected;
            assertEquals(expected, said);
        }
    }

    private static String meta(String stamp) {
        return "{ \"_meta\": { \"qwen3\": { \"vector\": { " + stamp + " } } } }";
    }

    private static void refused(String verify, String... words) throws IOException {
        for (String node : NODES) {
            NodeClient.Answer answer = search(node, "stamped", verify);
            assertEquals(400, answer.status(), answer.body().toString());
            for (String word : words) {
                assertTrue(answer.reason().contains(word), answer.body().toString());
            }
        }
    }

    private static String verify(String index, String more) {
        return Template.fill(
                ", \"verify_index\": \"%s\", \"verify_field\": \"vector\" %s", index, more);
    }

    private static NodeClient.Answer search(String node, String index, String more)
            throws IOException {
        return client(node)
                .post(
                        index + "/_search",
                        Template.fill(
                                """
                        { "size": 5, "knn": { "field": "vector", "k": 5, "num_candidates": 12,
                            "query_vector_builder": { "qwen3_embedding": {
                              "model_text": "how do glaciers move" %s } } } }
                        """,
                                more));
    }

    @Test
    @Order(5)
    void reloadingFailsNoRequest() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger searches = new AtomicInteger();
        List<CompletableFuture<Void>> users =
                NODES.stream()
                        .map(
                                node ->
                                        CompletableFuture.runAsync(
                                                () -> searchUntil(over, node, searches)))
                        .toList();
        try {
            for (int i = 0; i < 5; i++) {
                int before = searches.get();
                JsonNode answer = client("off").post(RELOAD, "").ok().body();
                assertEquals(3, answer.at("/_nodes/successful").asInt(), answer.toString());
                assertEquals(2, answer.get("nodes").size(), answer.toString());
                for (JsonNode node : answer.get("nodes")) {
                    assertTrue(node.get("reloaded").asBoolean(), answer.toString());
                }
                while (searches.get() < before + 10 && users.stream().noneMatch(f -> f.isDone())) {
                    Thread.sleep(20);
                }
            }
        } finally {
            over.set(true);
        }
        users.forEach(CompletableFuture::join);
    }

    private static void searchUntil(AtomicBoolean over, String node, AtomicInteger searches) {
        try {
            while (over.get() == false) {
                assertEquals(5, Hits.of(search(node, "unstamped", "")).hits().size());
                searches.incrementAndGet();
            }
        } catch (IOException e) {
            throw new AssertionError(node, e);
        }
    }

    @Test
    @Order(6)
    void whatCannotBeReloadedIsSaid() throws Exception {
        assertEquals(404, client("off").post("_qwen3/models/nowhere/_reload", "").status());
        NodeClient.Answer elsewhere = client("off").post(RELOAD + "?node_id=off", "");
        assertEquals(404, elsewhere.status(), elsewhere.body().toString());
        JsonNode one = client("off").post(RELOAD + "?node_id=one", "").ok().body().get("nodes");
        assertEquals(1, one.size(), one.toString());
        assertEquals("one", one.findValue("name").asText());
    }

    @Test
    @Order(7)
    void otherBytesAreReportedAndNotMixedAndThenUsedEverywhere() throws Exception {
        Path other = otherModel();
        replace("two", other);
        client("off").post(RELOAD, "").ok();
        String changed = awaitHash("two");
        assertNotEquals(sha256, changed);
        JsonNode models = models();
        JsonNode disagreement = models.get("disagreements").get(0);
        assertEquals(TestModels.EMBEDDING, disagreement.get("model_id").asText());
        assertEquals("one", disagreement.at("/sha256/" + sha256 + "/0").asText());
        assertEquals("two", disagreement.at("/sha256/" + changed + "/0").asText());
        assertEquals("two", model("one").at("/disagrees_with/0").asText());
        for (String node : NODES) {
            awaitRefusal(node, sha256.substring(0, 12), changed.substring(0, 12));
        }
        replace("one", other);
        client("off").post(RELOAD + "?node_id=one", "").ok();
        assertEquals(changed, awaitHash("one"));
        assertEquals(0, models().get("disagreements").size());
        for (String node : NODES) {
            awaitAnswer(node);
        }
        refused(verify("stamped-1", ""), changed.substring(0, 12), sha256.substring(0, 12));
    }

    /** Each node looks at the others' models every other second. */
    private static void awaitRefusal(String node, String... words) throws Exception {
        NodeClient.Answer answer = null;
        for (int i = 0; i < 300; i++) {
            answer = search(node, "unstamped", "");
            if (answer.status() == 424) {
                break;
            }
            Thread.sleep(100);
        }
        assertEquals(424, answer.status(), answer.body().toString());
        for (String word : words) {
            assertTrue(answer.reason().contains(word), answer.body().toString());
        }
        assertTrue(answer.reason().contains("[one]"), answer.reason());
        assertTrue(answer.reason().contains("[two]"), answer.reason());
    }

    private static void awaitAnswer(String node) throws Exception {
        for (int i = 0; i < 300 && search(node, "unstamped", "").status() != 200; i++) {
            Thread.sleep(100);
        }
        Hits.of(search(node, "unstamped", ""));
    }

    private static Path otherModel() throws IOException {
        Path folder = ScratchFolders.create("other");
        Path shape = Files.writeString(folder.resolve("shape.json"), TestModels.SHAPE);
        Path model = folder.resolve("model");
        new RandomCheckpoint(
                        RandomShape.of(shape.toString()),
                        ModelKind.EMBEDDING,
                        DataType.BF16,
                        7,
                        Long.MAX_VALUE)
                .write(model);
        return model;
    }

    /** As an administrator does it: the new folder whole, then two renames. */
    private static void replace(String node, Path model) throws IOException {
        Path models = cluster.node(node).config().models();
        Path arriving = models.resolve(".arriving");
        ScratchFolders.copy(model, arriving);
        NodeUser.own(arriving);
        Files.move(models.resolve(TestModels.EMBEDDING), models.resolve(".former"));
        Files.move(arriving, models.resolve(TestModels.EMBEDDING));
    }
}
