package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes that share an index: what travels between them, and what each reports. */
class ClusterIT {

    private static Cluster cluster;
    private static RealNode second;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                Cluster.start(
                        Cluster.Member.withModels("first"), Cluster.Member.withModels("second"));
        second = cluster.node("second");
        Articles.index(second.client(), "articles", 4, "");
        second.client().awaitGreen(Duration.ofMinutes(1));
    }

    @AfterAll
    static void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void everyNodeReports() throws Exception {
        JsonNode nodes = second.client().get("_qwen3/models").ok().body().get("nodes");
        assertEquals(2, nodes.size());
        for (JsonNode node : nodes) {
            assertEquals(2, node.get("models").size(), node.toString());
        }
    }

    @Test
    void bothNodesRerankTheirShardsAsOneWould() throws Exception {
        String shards = second.client().get("_cat/shards/articles?h=node").body().asText();
        assertTrue(shards.contains("first") && shards.contains("second"), shards);
        List<Double> scores =
                new CommandLine(second.installation())
                        .rerank(Articles.TEXTS, "--query", Articles.QUERY);
        String reranker = "\"field\": \"body\", \"query_text\": \"" + Articles.QUERY + "\"";
        for (String body :
                List.of(
                        "\"rescore\": { \"window_size\": 12, \"qwen3_reranker\": { "
                                + reranker
                                + " } }",
                        "\"retriever\": { \"qwen3_reranker\": { "
                                + reranker
                                + ", \"rank_window_size\": 12, \"retriever\": { \"standard\": {} }"
                                + " } }")) {
            Hits hits =
                    Hits.of(
                            second.client()
                                    .post("articles/_search", "{ \"size\": 12, " + body + " }"));
            assertEquals(12, hits.hits().size());
            for (Hits.Hit hit : hits.hits()) {
                assertEquals(scores.get(Integer.parseInt(hit.id())), hit.score(), 1e-5);
            }
        }
    }
}
