package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * From the zip to a node that has the plugin, through a stop and a crash, and back to one without
 * it, whose data is all there.
 */
class PluginIT {

    private static final String SEARCH =
            """
            { "size": 12, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
                "query_vector_builder": { "qwen3_embedding": { "model_text": "ice" } } },
              "rescore": { "window_size": 12, "qwen3_reranker": {
                "field": "body", "query_text": "ice" } } }
            """;

    @Test
    void installsRunsAndIsRemoved() throws Exception {
        Installation installation = Installation.unpack();
        String printed = installation.installPlugin().orFail().err();
        assertTrue(printed.contains("* load_native_libraries"), printed);
        assertTrue(printed.contains("* files [READ] <CONFIG>/<qwen3.models.path>"), printed);
        assertTrue(printed.contains("* outbound_network"), printed);
        assertFalse(printed.contains("inbound_network"), printed);
        assertFalse(printed.contains("[READ_WRITE]"), printed);

        NodeConfig config = NodeConfig.create(installation, Map.of());
        try (RealNode node = new RealNode(installation, config).start()) {
            assertTrue(
                    node.client().get("_cat/plugins").body().asText().contains("qwen3-retrieval"));
            assertEquals(0, onlyNode(node, "models").get("models").size());
            assertEquals(0, onlyNode(node, "stats").at("/ingest/requests").asLong());
            assertTrue(node.log().contains("no model in [" + config.models() + "]"), node.log());

            Hits before = hitsOfNewModels(node);
            node.stop();
            assertTrue(node.log().contains("] closed"), node.logTail(40));
            node.start();
            before.assertSame(Hits.of(node.client().post("articles/_search", SEARCH)), 1e-6);
            node.kill();
            node.awaitExit();

            installation.tool("elasticsearch-plugin", "remove", Installation.PLUGIN).orFail();
            assertFalse(Files.exists(installation.home().resolve("bin/" + Installation.PLUGIN)));
            node.start();
            assertFalse(
                    node.client().get("_cat/plugins").body().asText().contains("qwen3-retrieval"));
            assertEquals(400, node.client().get("_qwen3/models").status());
            JsonNode kept = node.client().get("articles/_count").ok().body();
            assertEquals(Articles.TEXTS.size(), kept.get("count").asInt());
        }
    }

    /** Models are found when they come, without a restart. */
    private static Hits hitsOfNewModels(RealNode node) throws Exception {
        TestModels.copyTo(node.config().models());
        NodeUser.own(node.config().models());
        Articles.index(node.client(), "articles", 1, "");
        return Hits.of(node.client().post("articles/_search", SEARCH));
    }

    private static JsonNode onlyNode(RealNode node, String path) throws Exception {
        JsonNode nodes = node.client().get("_qwen3/" + path).ok().body().get("nodes");
        assertEquals(1, nodes.size());
        return nodes.elements().next();
    }
}
