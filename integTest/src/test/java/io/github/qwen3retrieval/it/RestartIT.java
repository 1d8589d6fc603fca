package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node that is stopped, or dies, and comes back. */
class RestartIT {

    private static final String SEARCH =
            """
            { "size": 12, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
                "query_vector_builder": { "qwen3_embedding": { "model_text": "ice" } } },
              "rescore": { "window_size": 12, "qwen3_reranker": {
                "field": "body", "query_text": "ice" } } }
            """;

    @Test
    void givesTheSameHitsAfterwards() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config = NodeConfig.create(installation, Map.of()).withModels();
        try (RealNode node = new RealNode(installation, config).start()) {
            Articles.index(node.client(), "articles", 1, "");
            Hits before = Hits.of(node.client().post("articles/_search", SEARCH));
            node.stop();
            assertTrue(node.log().contains("] closed"), node.logTail(40));
            node.start();
            before.assertSame(Hits.of(node.client().post("articles/_search", SEARCH)), 1e-6);
            node.kill();
            node.awaitExit();
            node.start();
            before.assertSame(Hits.of(node.client().post("articles/_search", SEARCH)), 1e-6);
        }
    }
}
