package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A cluster of three nodes, one of which has the models, while nodes are killed, stopped and
 * restarted under indexing and searches: no document is lost and no search fails. In long form:
 * {@code -Dqwen3.it.documents=5000 -Dqwen3.it.searches=200}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultsIT {

    private static final int DOCUMENTS = Integer.getInteger("qwen3.it.documents", 1_000);
    private static final int SEARCHES = Integer.getInteger("qwen3.it.searches", 30);

    /** Documents that a search finds: few enough that all of them are reranked. */
    private static final int HITS = 10;

    private static final int TOPICS = DOCUMENTS / HITS;

    private static final String SCORED = "scored";
    private static final String KEPT = "first-stage order";

    /**
     * Elasticsearch keeps what a search has found on a shard's node until it fetches it; a search
     * of any kind between the two has to be sent again when that node leaves.
     */
    private static final String LOST = "search context lost with its node";

    private static final MarkdownTable TABLE =
            new MarkdownTable(
                    "faults",
                    "Faults × outcome, a cluster of three nodes",
                    "fault",
                    "documents",
                    "refused for a while",
                    "searches",
                    "of them sent to another node once more");

    /** Not the common pool: on two processors one waiting task would keep all of it. */
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                Cluster.start(
                        Cluster.Member.withModels("models"),
                        Cluster.Member.withoutModels("left"),
                        Cluster.Member.withoutModels("right"));
        Articles.pipeline(cluster.client("models"), "embed", "");
        for (String index : List.of("quiet", "crash", "restart")) {
            create(index);
        }
        cluster.awaitAll();
    }

    private static void create(String index) throws IOException {
        cluster.client("left")
                .put(
                        index,
                        Template.fill(
                                """
                        { "settings": { "number_of_shards": 2, "number_of_replicas": 1,
                                        "default_pipeline": "embed",
                                        "unassigned.node_left.delayed_timeout": "5m" },
                          "mappings": { "properties": {
                              "body": { "type": "text" },
                              "number": { "type": "integer" },
                              "vector": { "type": "dense_vector", "dims": %d,
                                          "index_options": { "type": "flat" } } } } }
                        """,
                                TestModels.DIMENSIONS))
                .ok();
    }

    @AfterAll
    static void stop() throws IOException {
        THREADS.shutdownNow();
        TABLE.write();
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String text(int document) {
        return "topic" + document % TOPICS + " paragraph " + document;
    }

    private static Supplier<NodeClient> at(String node) {
        return () -> {
            NodeClient client = cluster.client(node);
            if (client == null) {
                throw new IllegalStateException(node + " is down");
            }
            return client;
        };
    }

    @Test
    @Order(1)
    void everyNodeIndexesAndFindsAlike() throws Exception {
        Loader loader = new Loader("quiet", ClusterFaultsIT::text).bulksOf(100);
        long start = System.nanoTime();
        loader.load(DOCUMENTS, List.of(at("models"), at("left"), at("right")));
        assertAllThere("quiet");
        double seconds = (System.nanoTime() - start) / 1e9;
        int searches = 0;
        for (int i = 0; i < SEARCHES; i++) {
            for (String body : searches(i, "")) {
                Hits expected = Hits.of(cluster.client("models").post("quiet/_search", body));
                assertEquals(HITS, expected.hits().size());
                assertTrue(expected.hits().getLast().score() > 1e-20, expected.toString());
                for (String node : List.of("left", "right")) {
                    Hits.of(cluster.client(node).post("quiet/_search", body))
                            .assertSame(expected, 1e-5);
                }
                searches += 3;
            }
        }
        TABLE.row(
                "none; bulks and searches through each node",
                Template.fill("%d of %d in %.1f s", DOCUMENTS, DOCUMENTS, seconds),
                loader.refusals(),
                searches + ", equal through each node",
                "");
    }

    /** Without the models, documents are refused for a while and searches keep their order. */
    @Test
    @Order(2)
    void theModelNodeIsKilledAndComesBack() throws Exception {
        Loader loader = new Loader("crash", ClusterFaultsIT::text).bulksOf(25);
        try (Traffic traffic = searching("quiet", 2)) {
            traffic.await("search", SCORED, 10);
            CompletableFuture<Void> loading = load(loader, List.of("left", "right"));
            awaitCount("crash", DOCUMENTS / 10);
            cluster.node("models").crash();
            traffic.await("search", KEPT, 20);
            assertFalse(loading.isDone(), "indexed before the node was killed");
            cluster.restart("models");
            traffic.await("search", SCORED, 20);
            loading.get(5, TimeUnit.MINUTES);
            traffic.stop();
            assertAllThere("crash");
            row(
                    "kill -9 of the model node during bulk and search, and its return",
                    loader,
                    traffic);
            assertEquals(Map.of(), failures(traffic, "search"));
            assertTrue(loader.refused() > 0, "the crash was not noticed");
        }
    }

    @Test
    @Order(3)
    void theModelNodeDoesNotAnswerForAWhile() throws Exception {
        // what Elasticsearch itself asks of that node would wait with it
        cluster.client("left")
                .put(
                        "quiet/_settings",
                        "{ \"index.routing.allocation.exclude._name\": \"models\" }")
                .ok();
        cluster.client("left")
                .get("_cluster/health?wait_for_no_relocating_shards=true&timeout=60s")
                .ok();
        ProcessHandle server = cluster.node("models").server();
        List<Double> seconds = new ArrayList<>();
        CompletableFuture<NodeClient.Answer> knn;
        signal("STOP", server);
        try {
            knn =
                    CompletableFuture.supplyAsync(
                            () -> post("left", "quiet/_search", knn("glacier")), THREADS);
            for (String body : searches(1, ", \"timeout\": \"500ms\"")) {
                long start = System.nanoTime();
                Hits hits = Hits.of(cluster.client("right").post("quiet/_search", body));
                seconds.add((System.nanoTime() - start) / 1e9);
                assertEquals(HITS, hits.hits().size());
                assertTrue(hits.hits().getFirst().score() < 1e-20, hits.toString());
            }
        } finally {
            signal("CONT", server);
        }
        assertEquals(HITS, Hits.of(knn.get(1, TimeUnit.MINUTES)).hits().size());
        assertTrue(Collections.max(seconds) < 5, seconds.toString());
        TABLE.row(
                "SIGSTOP of the model node, [timeout] of 500 ms",
                "",
                "",
                Template.fill(
                        "%d in first-stage order after at most %.1f s; knn answered after SIGCONT",
                        seconds.size(), Collections.max(seconds)),
                "");
    }

    @Test
    @Order(4)
    void aNodeIsRestartedDuringABulk() throws Exception {
        Loader loader = new Loader("restart", ClusterFaultsIT::text).bulksOf(25);
        try (Traffic traffic = searching("quiet", 1)) {
            CompletableFuture<Void> loading = load(loader, List.of("models", "left", "right"));
            awaitCount("restart", DOCUMENTS / 10);
            cluster.node("right").stop();
            cluster.restart("right");
            loading.get(5, TimeUnit.MINUTES);
            traffic.await("search", SCORED, 10);
            traffic.stop();
            assertAllThere("restart");
            row("restart of a node that takes bulks", loader, traffic);
            assertEquals(Map.of(), failures(traffic, "search"));
        }
    }

    /** All of them have the models now, so that queries are embedded all the time. */
    @Test
    @Order(5)
    void theNodesAreRestartedOneByOne() throws Exception {
        for (String node : List.of("left", "right")) {
            TestModels.copyTo(cluster.node(node).config().models());
            NodeUser.own(cluster.node(node).config().models());
        }
        try (Traffic traffic = searching("quiet", 2)) {
            traffic.with("knn", 1, 20, n -> outcome(cluster.post(n, SEARCH, knn(topic(n)))));
            for (String node : List.of("left", "models", "right")) {
                traffic.await("search", SCORED, 10);
                traffic.await("knn", SCORED, 5);
                cluster.node(node).stop();
                cluster.restart(node);
            }
            traffic.await("search", SCORED, 10);
            traffic.stop();
            TABLE.row(
                    "rolling restart of three nodes, all with models",
                    "",
                    "",
                    traffic.outcomes("search") + ", knn " + traffic.outcomes("knn"),
                    cluster.passedOver());
            assertEquals(Map.of(), failures(traffic, "search"));
            assertEquals(Map.of(), failures(traffic, "knn"));
        }
    }

    private static final String SEARCH = "quiet/_search?allow_partial_search_results=false";

    private static Traffic searching(String index, int sideBySide) {
        return new Traffic()
                .with(
                        "search",
                        sideBySide,
                        20,
                        n -> {
                            List<String> bodies = searches(n, "");
                            String body = bodies.get(n % bodies.size());
                            return outcome(cluster.post(n, SEARCH.replace("quiet", index), body));
                        });
    }

    private static String outcome(NodeClient.Answer answer) {
        if (answer.status() == 404 && answer.reason().contains("No search context found")) {
            return LOST;
        }
        if (answer.status() != 200) {
            return answer.status() + " " + answer.body();
        }
        int failed = answer.body().at("/_shards/failed").asInt();
        int hits = answer.body().at("/hits/hits").size();
        if (failed > 0 || hits != HITS) {
            return "incomplete: " + answer.body();
        }
        return answer.body().at("/hits/max_score").asDouble() > 1e-20 ? SCORED : KEPT;
    }

    private static Map<String, Integer> failures(Traffic traffic, String kind) {
        Map<String, Integer> outcomes = traffic.outcomes(kind);
        outcomes.keySet().removeAll(List.of(SCORED, KEPT));
        // two threads search: more than that at a node's leave would be of our making
        if (outcomes.getOrDefault(LOST, 0) <= 2 * cluster.nodes().size()) {
            outcomes.remove(LOST);
        }
        return outcomes;
    }

    private static void row(String fault, Loader loader, Traffic traffic) {
        TABLE.row(
                fault,
                DOCUMENTS + " of " + DOCUMENTS,
                loader.refusals(),
                traffic.outcomes("search"),
                cluster.passedOver());
    }

    private static CompletableFuture<Void> load(Loader loader, List<String> nodes) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        loader.load(DOCUMENTS, nodes.stream().map(ClusterFaultsIT::at).toList());
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                THREADS);
    }

    private static void awaitCount(String index, int documents) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (count(index, "{}") < documents) {
            assertTrue(System.nanoTime() < end, "too slow");
            Thread.sleep(50);
        }
    }

    private static int count(String index, String body) throws IOException {
        cluster.post(1, index + "/_refresh", null);
        return cluster.post(1, index + "/_count", body).ok().body().get("count").asInt();
    }

    private static void assertAllThere(String index) throws IOException {
        assertEquals(DOCUMENTS, count(index, "{}"));
        assertEquals(
                DOCUMENTS,
                count(index, "{ \"query\": { \"exists\": { \"field\": \"vector\" } } }"));
        String all = "{ \"size\": 10000, \"_source\": false }";
        JsonNode found = cluster.post(1, index + "/_search", all).ok().body().at("/hits/hits");
        assertEquals(DOCUMENTS, found.findValuesAsText("_id").stream().distinct().count());
    }

    private static NodeClient.Answer post(String node, String path, String body) {
        try {
            return cluster.client(node).post(path, body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        Command.run(List.of("kill", "-" + name, Long.toString(process.pid())), Map.of(), "")
                .orFail();
    }

    private static String topic(int number) {
        return "topic" + number % TOPICS;
    }

    /** A rescoring and a reranking of the documents on one topic. */
    private static List<String> searches(int number, String parameters) {
        String match = "{ \"match\": { \"body\": \"" + topic(number) + "\" } }";
        String reranker =
                "\"field\": \"body\", \"query_text\": \"what is "
                        + topic(number)
                        + "\""
                        + parameters;
        return List.of(
                Template.fill(
                        """
                        { "query": %s, "rescore": { "window_size": %d, "qwen3_reranker": { %s } } }
                        """,
                        match, HITS, reranker),
                Template.fill(
                        """
                        { "retriever": { "qwen3_reranker": { %s, "rank_window_size": %d,
                            "retriever": { "standard": { "query": %s } } } } }
                        """,
                        reranker, HITS, match));
    }

    private static String knn(String text) {
        return Template.fill(
                """
                { "knn": { "field": "vector", "k": %d, "num_candidates": 50,
                    "query_vector_builder": { "qwen3_embedding": { "model_text": "%s" } } } }
                """,
                HITS, text);
    }
}
