package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two nodes that share an index: what travels between them, and what each reports. */
class ClusterIT {

    private static RealNode first;
    private static RealNode second;

    @BeforeAll
    static void start() throws Exception {
        int port = freePort();
        first = node("first", port, port);
        first.launch();
        second = node("second", freePort(), port);
        second.start();
        first.awaitPort();
        second.client().get("_cluster/health?wait_for_nodes=2&timeout=60s").ok();
        Articles.index(second.client(), "articles", 4, "");
        second.client().awaitGreen(Duration.ofMinutes(1));
    }

    private static RealNode node(String name, int port, int seed) throws Exception {
        Installation installation = SharedInstallation.get();
        Map<String, Object> settings =
                Map.of(
                        "node.name",
                        name,
                        "discovery.type",
                        "multi-node",
                        "discovery.seed_hosts",
                        List.of("127.0.0.1:" + seed),
                        "cluster.initial_master_nodes",
                        List.of("first"),
                        "transport.port",
                        port,
                        "qwen3.threads",
                        1);
        return new RealNode(installation, NodeConfig.create(installation, settings).withModels());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (RealNode node : new RealNode[] {second, first}) {
            if (node != null) {
                node.close();
            }
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
