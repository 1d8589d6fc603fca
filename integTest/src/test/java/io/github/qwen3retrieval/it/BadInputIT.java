package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong and strange requests to a node whose models folder is read-only and holds, beside two sound
 * models, broken ones: each gets its answer in time, with a reason that names parameter, value and
 * remedy; none costs another request anything.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final BadInputTable REQUESTS = new BadInputTable("1 requests");
    private static final BadInputTable DOCUMENTS = new BadInputTable("2 documents in a bulk");
    private static final BadInputTable CHECKPOINTS = new BadInputTable("3 broken checkpoints");

    private static RealNode node;
    private static NodeClient client;
    private static int goodDocuments;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config = NodeConfig.create(installation, Map.of()).withModels();
        for (BadCheckpoint checkpoint : BadCheckpoint.all()) {
            checkpoint.writeTo(config.models());
        }
        makeReadOnly(config.models());
        node = new RealNode(installation, config).start();
        client = node.client();
        pipeline("embed", "");
        client.put(
                        "docs",
                        """
                        { "settings": { "number_of_shards": 1, "number_of_replicas": 0,
                                        "default_pipeline": "embed" },
                          "mappings": { "properties": {
                              "body": { "type": "text" },
                              "number": { "type": "integer" },
                              "vector": { "type": "dense_vector", "dims": 64 } } } }
                        """)
                .ok();
        StringBuilder lines = new StringBuilder();
        for (String text : List.of("ice", "snow", "a glacier", "bread", "stone", "sea")) {
            lines.append("{\"index\":{}}\n{\"number\": 1, \"body\": \"" + text + "\"}\n");
        }
        JsonNode answer = client.post("docs/_bulk?refresh=true", lines.toString()).ok().body();
        assertFalse(answer.get("errors").asBoolean(), answer.toString());
        goodDocuments = 6;
    }

    @AfterAll
    static void stop() throws IOException {
        REQUESTS.write();
        DOCUMENTS.write();
        CHECKPOINTS.write();
        if (node != null) {
            node.close();
        }
    }

    static Stream<BadInput> requests() {
        return Stream.of(BadProcessors.all(), BadQueries.all(), BadReranking.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    @Order(1)
    void aRequestIsAnsweredWithWhatIsWrong(BadInput input) {
        NodeClient.Answer answer = send(input.method(), input.path(), input.body());
        String seen = answer.status() < 300 ? "answered" : reasons(answer.body().get("error"));
        REQUESTS.row(input.name(), Integer.toString(answer.status()), seen);
        assertEquals(input.status(), answer.status(), seen);
        String searched = answer.status() < 300 ? answer.body().toString() : firstReason(answer);
        assertContains(searched, input.says());
        if (answer.status() < 300) {
            assertEquals(0, answer.body().at("/_shards/failed").asInt(), searched);
        }
    }

    static Stream<BadDocument> documents() {
        return BadDocument.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    @Order(2)
    void aDocumentFailsAlone(BadDocument bad) throws IOException {
        pipeline("strange", bad.pipeline());
        String good = "{\"index\":{\"pipeline\":\"embed\"}}\n{\"body\": \"a good one\"}\n";
        String between = "{\"index\":{\"pipeline\":\"strange\"}}\n" + bad.document() + "\n";
        NodeClient.Answer answer = send("POST", "docs/_bulk", good + between + good);
        JsonNode items = answer.ok().body().get("items");
        JsonNode item = items.get(1).get("index");
        String seen = item.has("error") ? reasons(item.get("error")) : "indexed";
        DOCUMENTS.row(bad.name(), item.get("status").asText(), seen);
        assertEquals(201, items.get(0).at("/index/status").asInt(), items.toString());
        assertEquals(201, items.get(2).at("/index/status").asInt(), items.toString());
        goodDocuments += 2;
        assertEquals(bad.status(), item.get("status").asInt(), seen);
        assertContains(seen, bad.says());
    }

    static Stream<BadCheckpoint> checkpoints() {
        return BadCheckpoint.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("checkpoints")
    @Order(3)
    void aBrokenCheckpointSaysWhatIsWrongWithIt(BadCheckpoint checkpoint) throws IOException {
        String parameters = "\"model_text\": \"ice\", \"model_id\": \"" + checkpoint.id() + "\"";
        BadInput search = BadInput.query(checkpoint.id(), parameters, 424);
        NodeClient.Answer answer = send("POST", search.path(), search.body());
        String seen = reasons(answer.body().get("error"));
        CHECKPOINTS.row(checkpoint.id(), Integer.toString(answer.status()), seen);
        assertEquals(424, answer.status(), seen);
        assertContains(firstReason(answer), checkpoint.says());
        assertContains(firstReason(answer), List.of("[" + checkpoint.id() + "]"));
        assertEquals(2, seen.split("cannot be opened", -1).length, "not said once: " + seen);
        for (JsonNode model : client.get("_qwen3/models").ok().body().findValue("models")) {
            if (model.get("model_id").asText().equals(checkpoint.id())) {
                assertContains(model.get("error").asText(), checkpoint.says());
                return;
            }
        }
        throw new AssertionError("not listed");
    }

    @Test
    @Order(4)
    void everyGoodDocumentIsThereAndTheNodeWorks() throws IOException {
        client.post("docs/_refresh", null).ok();
        JsonNode found =
                client.post(
                                "docs/_search",
                                """
                                { "size": 0, "track_total_hits": true, "query": { "bool": {
                                    "should": [ { "match_phrase": { "body": "a good one" } },
                                                { "term": { "number": 1 } } ] } } }
                                """)
                        .ok()
                        .body();
        assertEquals(goodDocuments, found.at("/hits/total/value").asInt());
        BadInput good = BadInput.query("good", "\"model_text\": \"ice\"", 200);
        assertEquals(3, client.post(good.path(), good.body()).ok().body().at("/hits/hits").size());
        assertFalse(node.log().contains("fatal error"), node.logTail(40));
        assertFalse(node.log().contains("NullPointerException"), node.logTail(40));
    }

    private static NodeClient.Answer send(String method, String path, String body) {
        return assertTimeoutPreemptively(LIMIT, () -> client.send(method, path, body));
    }

    private static void pipeline(String name, String parameters) throws IOException {
        client.put(
                        "_ingest/pipeline/" + name,
                        String.format(
                                Locale.ROOT,
                                """
                        { "processors": [ { "qwen3_embedding": {
                            "field": "body", "target_field": "vector" %s } } ] }
                        """,
                                parameters))
                .ok();
    }

    /** What a user reads first: the reason of the first root cause. */
    private static String firstReason(NodeClient.Answer answer) {
        JsonNode error = answer.body().get("error");
        return error.isTextual() ? error.asText() : answer.reason();
    }

    /** All reasons from the outside inwards. */
    private static String reasons(JsonNode error) {
        StringBuilder reasons = new StringBuilder();
        for (JsonNode cause = error; cause != null; cause = cause.get("caused_by")) {
            reasons.append(reasons.isEmpty() ? "" : " ← ");
            reasons.append(cause.isTextual() ? cause.asText() : cause.path("reason").asText());
        }
        String first = error.path("root_cause").path(0).path("reason").asText();
        return reasons.indexOf(first) < 0 ? first + " ∈ " + reasons : reasons.toString();
    }

    private static void assertContains(String text, List<String> fragments) {
        for (String fragment : fragments) {
            assertTrue(text.contains(fragment), "no [" + fragment + "] in: " + text);
        }
    }

    private static void makeReadOnly(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String mode = Files.isDirectory(file) ? "r-xr-xr-x" : "r--r--r--";
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            }
        }
    }
}
