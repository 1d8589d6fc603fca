package io.github.qwen3retrieval.it;

import static io.github.qwen3retrieval.it.SecretTexts.MARK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.qwen3retrieval.it.SecretTexts.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

/** Security on: what users of few privileges may do, what they may see, and what the log tells. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecurityIT {

    private static final String PASSWORD = "not-a-secret";

    private static final String ROLES =
            """
            reader:
              indices: [ { names: [ 'secrets*' ], privileges: [ 'read' ] } ]
            without_body:
              indices:
                - names: [ 'secrets*' ]
                  privileges: [ 'read' ]
                  field_security: { grant: [ 'title', 'number', 'vector' ] }
            even_numbers:
              indices:
                - names: [ 'secrets*' ]
                  privileges: [ 'read' ]
                  query: '{ "terms": { "number": [ 0, 2, 4 ] } }'
            writer:
              indices: [ { names: [ 'written' ], privileges: [ 'write' ] } ]
            pipelines:
              cluster: [ 'manage_ingest_pipelines' ]
            watcher:
              cluster: [ 'monitor' ]
            inference:
              cluster: [ 'cluster:monitor/qwen3/inference' ]
            all_routes:
              cluster: [ 'cluster:monitor/qwen3' ]
            nothing:
              cluster: [ ]
            """;

    private static final List<String> USERS =
            List.of(
                    "superuser",
                    "reader",
                    "without_body",
                    "even_numbers",
                    "writer",
                    "pipelines",
                    "watcher",
                    "inference",
                    "all_routes",
                    "nothing");

    private static final Map<String, NodeClient> CLIENTS = new LinkedHashMap<>();
    private static MarkdownTable table;
    private static RealNode node;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config =
                NodeConfig.create(
                                installation,
                                Map.of(
                                        "xpack.security.enabled",
                                        true,
                                        "xpack.security.enrollment.enabled",
                                        false,
                                        "xpack.security.http.ssl.enabled",
                                        false,
                                        "xpack.security.transport.ssl.enabled",
                                        false,
                                        "xpack.license.self_generated.type",
                                        "trial",
                                        "qwen3.embedding.default_model",
                                        TestModels.EMBEDDING,
                                        "qwen3.reranker.default_model",
                                        TestModels.RERANKER,
                                        "qwen3.queue.max_tokens",
                                        2000,
                                        // what is logged of it shows that DEBUG is on
                                        "qwen3.models.open_at_start",
                                        "empty",
                                        "logger.io.github.qwen3retrieval",
                                        "DEBUG"))
                        .withModels();
        for (String model : List.of(TestModels.EMBEDDING, TestModels.RERANKER)) {
            Path spoiled = config.models().resolve("nan-" + model);
            ScratchFolders.copy(config.models().resolve(model), spoiled);
            SpoiledWeights.in(spoiled);
        }
        Files.createDirectory(config.models().resolve("empty"));
        Files.writeString(config.config().resolve("roles.yml"), ROLES);
        config.addUsers(installation, PASSWORD, USERS);
        node = new RealNode(installation, config).start("superuser:" + PASSWORD);
        for (String user : USERS) {
            CLIENTS.put(user, new NodeClient(node.httpAddress(), user + ":" + PASSWORD));
        }
        CLIENTS.put(Right.ANONYMOUS, new NodeClient(node.httpAddress(), null));
        SecretTexts.index(node.client());
        node.client().put("written", "{ \"settings\": { \"number_of_replicas\": 0 } }").ok();
        List<String> columns = new ArrayList<>(List.of("request"));
        columns.addAll(CLIENTS.keySet());
        table =
                new MarkdownTable(
                        "privileges", "Privileges × outcome", columns.toArray(String[]::new));
    }

    @AfterAll
    static void stop() throws IOException {
        for (NodeClient client : CLIENTS.values()) {
            client.close();
        }
        if (table != null) {
            table.write();
        }
        if (node != null) {
            node.close();
        }
    }

    static Stream<Right> rights() {
        return Right.all().stream();
    }

    @ParameterizedTest
    @MethodSource("rights")
    @Order(1)
    void whoMayDoIt(Right right) throws Exception {
        List<Object> row = new ArrayList<>(List.of(right.name()));
        List<String> wrong = new ArrayList<>();
        for (var entry : CLIENTS.entrySet()) {
            NodeClient.Answer answer =
                    entry.getValue().send(right.method(), right.path(), right.body());
            int status = status(answer);
            row.add(status);
            if (status != right.expected(entry.getKey())) {
                wrong.add(entry.getKey() + ": " + status + " " + answer.body());
            }
        }
        table.row(row.toArray());
        assertEquals(List.of(), wrong);
    }

    /** Of a bulk, the status of its only item, where 201 counts as any other success. */
    private static int status(NodeClient.Answer answer) {
        JsonNode items = answer.body().path("items");
        int status = items.isEmpty() ? answer.status() : items.findValue("status").asInt();
        return status == 201 ? 200 : status;
    }

    @Test
    @Order(1)
    void inferenceIsRefusedAsItsClientsExpect() throws Exception {
        String embed = "{\"model\": \"" + TestModels.EMBEDDING + "\", \"input\": \"ice\"}";
        NodeClient reader = CLIENTS.get("reader");
        for (NodeClient.Answer refused :
                List.of(
                        reader.post("_qwen3/v1/embeddings", embed),
                        reader.get("_qwen3/v1/models"))) {
            assertEquals(403, refused.status(), refused.toString());
            assertEquals("permission_error", refused.body().at("/error/type").asText());
        }
    }

    /** Others searched before with the same words: their scores are nobody else's. */
    @Test
    @Order(2)
    void aHiddenFieldIsNoText() throws Exception {
        for (String index : List.of(SecretTexts.SOURCE, SecretTexts.STORED)) {
            for (String search :
                    List.of(SecretTexts.rescore("\"body\""), SecretTexts.retriever("\"body\""))) {
                assertEquals(6, scored(Hits.of(search("superuser", index, search))));
                JsonNode before = stats();
                NodeClient.Answer answer =
                        search("without_body", index, SecretTexts.explained(search));
                assertEquals(6, Hits.of(answer).hits().size());
                assertEquals(0, scored(Hits.of(answer)), answer.body().toString());
                String said = answer.body().toString();
                assertFalse(said.contains("body 1"), said);
                assertFalse(said.contains("logit") || said.contains("tokens of"), said);
                // neither the model nor the cache was asked
                for (String counter :
                        List.of(
                                "/hits/reranked",
                                "/search/texts",
                                "/search/requests",
                                "/caches/rerank_scores/hits")) {
                    assertEquals(before.at(counter), stats().at(counter), counter);
                }
                assertEquals(6, scored(Hits.of(search("superuser", index, search))));
            }
        }
    }

    @Test
    @Order(2)
    void ofTwoFieldsTheHiddenOneIsLeftOut() throws Exception {
        String both = SecretTexts.rescore("[\"title\", \"body\"]");
        Hits titles = Hits.of(search("superuser", "secrets", SecretTexts.rescore("\"title\"")));
        Hits all = Hits.of(search("superuser", "secrets", both));
        Hits seen = Hits.of(search("without_body", "secrets", both));
        seen.assertSame(titles, 1e-6);
        assertFalse(seen.equals(all), "the hidden field went into the scores: " + seen);
    }

    @Test
    @Order(2)
    void aHiddenDocumentIsNoCandidate() throws Exception {
        for (Use use : SecretTexts.searches()) {
            search("superuser", "secrets", use.body()).ok();
            long before = stats().at("/hits/reranked").asLong();
            NodeClient.Answer answer = search("even_numbers", "secrets", use.body());
            List<String> ids = Hits.of(answer).ids().stream().sorted().toList();
            assertEquals(List.of("0", "2", "4"), ids, use.name());
            assertFalse(answer.body().toString().contains("body 1"), use.name());
            long reranked = stats().at("/hits/reranked").asLong() - before;
            // an explanation scores each hit once more
            int passes = use.name().contains("explained") ? 2 : 1;
            assertTrue(reranked <= 3 * passes, use.name() + " reranked " + reranked);
        }
    }

    /** At DEBUG, through every kind of success and failure. */
    @Test
    @Order(3)
    void noTextIsLogged() throws Exception {
        NodeClient client = node.client();
        List<Integer> seen = new ArrayList<>();
        for (String parameters :
                List.of(
                        ", \"model_id\": \"nan-" + TestModels.RERANKER + "\"",
                        ", \"model_id\": \"nan-"
                                + TestModels.RERANKER
                                + "\", \"on_failure\": \"fail\"",
                        ", \"model_id\": \"" + MARK + "\"",
                        ", \"max_length\": 20",
                        ", \"unknown\": \"" + MARK + "\"",
                        ", \"timeout\": \"" + MARK + "\"")) {
            for (String search :
                    List.of(SecretTexts.rescore("\"body\""), SecretTexts.retriever("\"body\""))) {
                String body = search.replace(", \"instruction\"", parameters + ", \"instruction\"");
                seen.add(client.post("secrets/_search", body).status());
            }
        }
        // not even a fast machine reads two thousand tokens in a millisecond
        String slow =
                SecretTexts.rescore("\"body\"")
                        .replace(
                                "\"query_text\": \"",
                                "\"timeout\": \"1ms\", \"on_failure\": \"fail\","
                                        + " \"query_text\": \""
                                        + (MARK + " ").repeat(500));
        seen.add(client.post("secrets/_search", slow).status());
        for (String parameters :
                List.of(
                        "\"model_id\": \"nan-" + TestModels.EMBEDDING + "\"",
                        "\"model_id\": \"" + MARK + "\"",
                        "\"dimensions\": 1024",
                        "\"max_length\": 5, \"instruction\": \"" + MARK + "\"")) {
            String builder =
                    "{ \"knn\": { \"field\": \"vector\", \"k\": 6, \"num_candidates\": 6,"
                            + " \"query_vector_builder\": { \"qwen3_embedding\": { \"model_text\": \""
                            + MARK
                            + "\", "
                            + parameters
                            + " } } } }";
            seen.add(client.post("secrets/_search", builder).status());
            client.put(
                            "_ingest/pipeline/failing",
                            Template.fill(
                                    """
                    { "processors": [ { "qwen3_embedding": {
                        "field": "body", "target_field": "vector", %s } } ] }
                    """,
                                    parameters))
                    .ok();
            for (String value :
                    List.of(
                            "\"" + MARK + "\"",
                            "{ \"" + MARK + "\": 1 }",
                            "[ \"" + MARK + "\", 7 ]")) {
                seen.add(
                        client.put(
                                        "secrets/_doc/failing?pipeline=failing",
                                        "{ \"body\": " + value + " }")
                                .status());
            }
        }
        String line = "{\"index\":{}}\n{ \"body\": \"" + (MARK + " ").repeat(200) + "\" }\n";
        JsonNode items = client.post("secrets/_bulk", line.repeat(20)).ok().body().get("items");
        items.findValuesAsText("status").forEach(status -> seen.add(Integer.valueOf(status)));
        assertTrue(seen.containsAll(List.of(200, 400, 408, 424, 429)), seen.toString());
        try (Stream<Path> logs = Files.list(node.config().logs())) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                String text = log.toString().endsWith(".gz") ? "" : Files.readString(log);
                int at = text.indexOf(MARK);
                assertTrue(
                        at < 0, () -> log + ": " + text.substring(Math.max(0, at - 600), at + 200));
            }
        }
        assertTrue(node.log().contains("[DEBUG][i.g.q."), "nothing is logged at DEBUG");
    }

    private static NodeClient.Answer search(String user, String index, String body)
            throws IOException {
        return CLIENTS.get(user).post(index + "/_search", body);
    }

    private static long scored(Hits hits) {
        return hits.hits().stream().filter(hit -> hit.score() > 1e-20).count();
    }

    private static JsonNode stats() throws IOException {
        return node.client().get("_qwen3/stats").ok().body().get("nodes").elements().next();
    }
}
