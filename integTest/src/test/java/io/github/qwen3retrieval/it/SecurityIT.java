package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Security on: what users of few privileges may do, and what they may see. */
class SecurityIT {

    private static final String PASSWORD = "not-a-secret";

    private static final String ROLES =
            """
            reader:
              indices: [ { names: [ 'articles' ], privileges: [ 'read' ] } ]
            titles_only:
              indices:
                - names: [ 'articles' ]
                  privileges: [ 'read' ]
                  field_security: { grant: [ 'number', 'vector' ] }
            watcher:
              cluster: [ 'monitor' ]
            """;

    private static RealNode node;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config =
                NodeConfig.create(
                                installation,
                                Map.of(
                                        "xpack.security.enabled", true,
                                        "xpack.security.enrollment.enabled", false,
                                        "xpack.security.http.ssl.enabled", false,
                                        "xpack.security.transport.ssl.enabled", false,
                                        "xpack.license.self_generated.type", "trial"))
                        .withModels();
        Files.writeString(config.config().resolve("roles.yml"), ROLES);
        for (String user : new String[] {"superuser", "reader", "titles_only", "watcher"}) {
            config.addUser(installation, user, PASSWORD);
        }
        node = new RealNode(installation, config).start("superuser:" + PASSWORD);
        Articles.index(node.client(), "articles", 1, "");
    }

    @AfterAll
    static void stop() throws IOException {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void readIsEnoughToEmbedAndRerank() throws Exception {
        try (NodeClient reader = client("reader")) {
            Hits hits = Hits.of(reader.post("articles/_search", search("body")));
            assertEquals(12, hits.hits().size());
            assertEquals(
                    hits.ids(), Hits.of(reader.post("articles/_search", retriever("body"))).ids());
            assertEquals(403, reader.put("articles/_doc/99", "{}").status());
            assertEquals(403, reader.get("_qwen3/models").status());
        }
    }

    @Test
    void monitorIsEnoughToWatch() throws Exception {
        try (NodeClient watcher = client("watcher")) {
            watcher.get("_qwen3/models").ok();
            watcher.get("_qwen3/stats").ok();
            assertEquals(403, watcher.get("articles/_search").status());
        }
        try (NodeClient nobody = new NodeClient(node.httpAddress(), null)) {
            assertEquals(401, nobody.get("_qwen3/models").status());
        }
    }

    /** Scores would tell what stands in a field that the user may not read. */
    @Test
    void aHiddenFieldIsNoText() throws Exception {
        try (NodeClient user = client("titles_only")) {
            for (String body : new String[] {search("body"), retriever("body")}) {
                Hits hits = Hits.of(user.post("articles/_search", body));
                assertEquals(12, hits.hits().size());
                assertTrue(
                        hits.hits().stream().allMatch(hit -> hit.score() < 1e-20), hits.toString());
            }
        }
    }

    private static NodeClient client(String user) throws IOException {
        return new NodeClient(node.httpAddress(), user + ":" + PASSWORD);
    }

    private static String search(String field) {
        return Template.fill(
                """
        { "size": 12, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
            "query_vector_builder": { "qwen3_embedding": { "model_text": "ice" } } },
          "rescore": { "window_size": 12, "qwen3_reranker": {
            "field": "%s", "query_text": "ice" } } }
        """,
                field);
    }

    private static String retriever(String field) {
        return Template.fill(
                """
        { "size": 12, "retriever": { "qwen3_reranker": {
            "field": "%s", "query_text": "ice", "rank_window_size": 12,
            "retriever": { "standard": { "query": { "match_all": {} } } } } } }
        """,
                field);
    }
}
