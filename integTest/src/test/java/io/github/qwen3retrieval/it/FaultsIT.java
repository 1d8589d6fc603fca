package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What befalls one node while it works: more documents than it can take, no memory, a disk that is
 * full, weights that compute nonsense, and checkpoints that are removed, replaced and half copied.
 */
class FaultsIT {

    private static final int OVERFLOW = 10_000;

    private static RealNode node;
    private static NodeClient client;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = SharedInstallation.get();
        // what is remembered would answer where a fault must be seen
        Map<String, Object> settings =
                Map.of(
                        "qwen3.cache.query_vectors.size",
                        "0",
                        "qwen3.cache.rerank_scores.size",
                        "0",
                        "qwen3.queue.max_tokens",
                        3000,
                        "qwen3.threads",
                        1,
                        "qwen3.embedding.default_model",
                        TestModels.EMBEDDING,
                        "qwen3.reranker.default_model",
                        TestModels.RERANKER);
        NodeConfig config = NodeConfig.create(installation, settings).withModels();
        for (String model : List.of(TestModels.EMBEDDING, TestModels.RERANKER)) {
            copy(model, config.models().resolve("nan-" + model));
            SpoiledWeights.in(config.models().resolve("nan-" + model));
        }
        node = new RealNode(installation, config).start();
        client = node.client();
        Articles.index(client, "articles", 1, "");
    }

    @AfterAll
    static void stop() throws IOException {
        if (node != null) {
            node.close();
        }
    }

    @AfterEach
    void theNodeWorks() throws IOException {
        Hits hits = Hits.of(client.post("articles/_search", search(null)));
        assertEquals(12, hits.hits().size(), node.logTail(40));
        assertTrue(hits.hits().getFirst().score() > 1e-20, hits.toString());
        assertEquals(0, stats().at("/queue/tokens").asLong());
    }

    /** Ten thousand documents at once: each is indexed or refused, none twice, none lost. */
    @Test
    void whatIsRefusedSucceedsWhenItIsSentAgain() throws Exception {
        long rejected = stats().get("rejected").asLong();
        create("overflow");
        Loader loader = new Loader("overflow", id -> "paragraph " + id);
        Supplier<NodeClient> any = () -> client;
        loader.load(OVERFLOW, Collections.nCopies(4, any));
        client.post("overflow/_refresh", null).ok();

        assertEquals(
                List.of("429 es_rejected_execution_exception"),
                List.copyOf(loader.refusals().keySet()));
        assertEquals(loader.refused(), stats().get("rejected").asLong() - rejected);
        System.out.println("of " + OVERFLOW + " documents refused, times: " + loader.refusals());
        assertEquals(OVERFLOW, client.get("overflow/_count").ok().body().get("count").asInt());
        JsonNode indexed = client.get("overflow/_stats/indexing").ok().body();
        assertEquals(OVERFLOW, indexed.at("/_all/primaries/indexing/index_total").asInt());
        JsonNode hits =
                client.post(
                                "overflow/_search",
                                "{ \"size\": 10000, \"version\": true, \"_source\": false }")
                        .ok()
                        .body()
                        .at("/hits/hits");
        assertEquals(OVERFLOW, hits.size());
        for (JsonNode hit : hits) {
            assertEquals(1, hit.get("_version").asInt(), hit.toString());
        }
        assertEquals(OVERFLOW, withVector("overflow"));
    }

    @Test
    void withoutNativeMemoryItRefusesWithFiguresAndGoesOnWhenThereIsSome() throws Exception {
        create("memory");
        setting("indices.breaker.qwen3.limit", "\"1kb\"");
        try {
            JsonNode items =
                    client.post(
                                    "memory/_bulk",
                                    """
                                    {"index":{"_id":"with"}}
                                    {"body":"text"}
                                    {"index":{"_id":"without","pipeline":"_none"}}
                                    {"body":"text"}
                                    """)
                            .ok()
                            .body()
                            .get("items");
            String said = items.toString();
            assertEquals(429, items.at("/0/index/status").asInt(), said);
            assertEquals(201, items.at("/1/index/status").asInt(), said);
            assertTrue(said.contains("[qwen3] Data too large"), said);
            assertTrue(said.contains("limit of [1024/1kb]"), said);
            NodeClient.Answer kept =
                    client.post("articles/_search", rescore(", \"on_failure\": \"keep_order\""));
            assertEquals(12, Hits.of(kept).hits().size());
            NodeClient.Answer failed =
                    client.post("articles/_search", rescore(", \"on_failure\": \"fail\""));
            assertEquals(429, failed.status(), failed.body().toString());
            JsonNode breaker =
                    client.get("_nodes/_local/stats/breaker").ok().body().findValue("qwen3");
            assertEquals(1024, breaker.get("limit_size_in_bytes").asInt());
            assertTrue(breaker.get("tripped").asInt() >= 3, breaker.toString());
        } finally {
            setting("indices.breaker.qwen3.limit", "null");
        }
        client.put("memory/_doc/with", "{ \"body\": \"text\" }").ok();
    }

    @Test
    void nonsenseOfTheNetworkIsAnErrorOrTheFirstStageOrder() throws Exception {
        Articles.pipeline(client, "nan", ", \"model_id\": \"nan-" + TestModels.EMBEDDING + "\"");
        JsonNode items =
                client.post(
                                "articles/_bulk",
                                """
                                {"index":{"_id":"nan","pipeline":"nan"}}
                                {"body":"text"}
                                """)
                        .ok()
                        .body()
                        .get("items");
        assertEquals(424, items.at("/0/index/status").asInt(), items.toString());
        assertEquals(404, client.get("articles/_doc/nan").status());
        NodeClient.Answer knn =
                client.post("articles/_search", search("nan-" + TestModels.EMBEDDING));
        assertEquals(424, knn.status(), knn.body().toString());
        String nan = ", \"model_id\": \"nan-" + TestModels.RERANKER + "\"";
        Hits kept = Hits.of(client.post("articles/_search", rescore(nan)));
        assertEquals(12, kept.hits().size());
        assertTrue(kept.hits().getFirst().score() < 1e-20, kept.toString());
        NodeClient.Answer failed =
                client.post("articles/_search", rescore(nan + ", \"on_failure\": \"fail\""));
        assertEquals(424, failed.status(), failed.body().toString());
        assertTrue(failed.reason().contains("no finite score"), failed.reason());
    }

    /** What is open has its files mapped, and goes on. */
    @Test
    void aModelWhoseFolderIsRemovedGoesOn() throws Exception {
        Path folder = node.config().models().resolve("moving");
        publish(TestModels.EMBEDDING, folder);
        Hits before = Hits.of(client.post("articles/_search", search("moving")));
        ScratchFolders.delete(folder);
        before.assertSame(Hits.of(client.post("articles/_search", search("moving"))), 0);
        publish(TestModels.EMBEDDING, folder);
        before.assertSame(Hits.of(client.post("articles/_search", search("moving"))), 0);
    }

    /** The old model goes on, or the new one is there: never something in between. */
    @Test
    void aModelThatIsReplacedIsTheOldOrTheNewOne() throws Exception {
        Path folder = node.config().models().resolve("replaced");
        publish(TestModels.RERANKER, folder);
        String model = ", \"model_id\": \"replaced\", \"on_failure\": \"fail\"";
        Hits old = Hits.of(client.post("articles/_search", rescore(model)));
        Files.move(folder, folder.resolveSibling(".old"));
        publish("nan-" + TestModels.RERANKER, folder);
        NodeClient.Answer answer = client.post("articles/_search", rescore(model));
        if (answer.status() == 200) {
            old.assertSame(Hits.of(answer), 1e-6);
        } else {
            assertEquals(424, answer.status(), answer.body().toString());
        }
    }

    @Test
    void aHalfCopiedModelIsNamedAndUsedOnceItIsWhole() throws Exception {
        Path folder = node.config().models().resolve("copied");
        Path whole = TestModels.folder().resolve(TestModels.EMBEDDING);
        Files.createDirectory(folder);
        for (String name : List.of("config.json", "tokenizer.json")) {
            refused("copied");
            Files.copy(whole.resolve(name), folder.resolve(name));
        }
        NodeUser.own(folder);
        byte[] weights = Files.readAllBytes(whole.resolve("model.safetensors"));
        Path part = folder.resolve("model.safetensors");
        for (int bytes : new int[] {0, 7, 100, weights.length / 2, weights.length - 1}) {
            Files.write(part, Arrays.copyOf(weights, bytes));
            NodeUser.own(folder);
            refused("copied");
        }
        Files.write(part, weights);
        Hits hits = Hits.of(client.post("articles/_search", search("copied")));
        hits.assertSame(Hits.of(client.post("articles/_search", search(null))), 1e-6);
    }

    /** The file that a model is mapped from shrinks under it: its requests fail, the node lives. */
    @Test
    void aModelThatIsCutInPlaceIsUsedNoMore() throws Exception {
        Path folder = node.config().models().resolve("cut");
        publish(TestModels.EMBEDDING, folder);
        client.post("articles/_search", search("cut")).ok();
        Path file = folder.resolve("model.safetensors");
        byte[] weights = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(weights, 100));
        NodeClient.Answer answer = client.post("articles/_search", search("cut"));
        while (answer.reason().contains("changed in place") == false) {
            assertEquals(424, answer.status(), answer.body().toString());
            answer = client.post("articles/_search", search("cut"));
        }
        refused("cut");
        // whoever reads half of the old and half of the new has neither
        Files.write(file, weights);
        refused("cut");
    }

    private static void refused(String model) throws IOException {
        NodeClient.Answer answer = client.post("articles/_search", search(model));
        assertEquals(424, answer.status(), answer.body().toString());
        assertTrue(answer.reason().contains("[" + model + "]"), answer.reason());
    }

    /**
     * Elasticsearch makes indices read-only when the disk is nearly full: what is refused then is
     * lost to nobody, and goes in when there is room again.
     */
    @Test
    void aFullDiskRefusesDocumentsAndSearchesGoOn() throws Exception {
        create("disk");
        client.put("disk/_doc/before", "{ \"body\": \"text\" }").ok();
        readOnly("true");
        NodeClient.Answer full = client.put("disk/_doc/full", "{ \"body\": \"text\" }");
        assertEquals(429, full.status(), full.body().toString());
        assertTrue(full.body().toString().contains("read-only-allow-delete"), full.reason());
        assertEquals(1, Hits.of(client.post("disk/_search?size=1", "{}")).hits().size());
        readOnly("null");
        client.put("disk/_doc/full?refresh=true", "{ \"body\": \"text\" }").ok();
        assertEquals(2, withVector("disk"));
        assertFalse(node.log().contains("fatal error"), node.logTail(40));
    }

    private static void readOnly(String value) throws IOException {
        client.put("disk/_settings", "{ \"index.blocks.read_only_allow_delete\": " + value + " }")
                .ok();
        client.post("disk/_refresh", null);
    }

    private static int withVector(String index) throws IOException {
        return client.post(
                        index + "/_count",
                        "{ \"query\": { \"exists\": { \"field\": \"vector\" } } }")
                .ok()
                .body()
                .get("count")
                .asInt();
    }

    private static void create(String index) throws IOException {
        client.put(
                        index,
                        Template.fill(
                                """
                        { "settings": { "number_of_shards": 1, "number_of_replicas": 0,
                                        "default_pipeline": "embed" },
                          "mappings": { "properties": {
                              "vector": { "type": "dense_vector", "dims": %d,
                                          "index_options": { "type": "flat" } } } } }
                        """,
                                TestModels.DIMENSIONS))
                .ok();
    }

    /** Puts a checkpoint there in one step, as the README says. */
    private static void publish(String model, Path folder) throws IOException {
        Path copy = folder.resolveSibling(".copying");
        copy(model, copy);
        NodeUser.own(copy);
        Files.move(copy, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(String model, Path to) throws IOException {
        ScratchFolders.copy(TestModels.folder().resolve(model.replace("nan-", "")), to);
        if (model.startsWith("nan-")) {
            SpoiledWeights.in(to);
        }
    }

    private static void setting(String name, String value) throws IOException {
        client.put("_cluster/settings", "{ \"persistent\": { \"" + name + "\": " + value + " } }")
                .ok();
    }

    private static JsonNode stats() throws IOException {
        return client.get("_qwen3/stats").ok().body().get("nodes").elements().next();
    }

    /** Nearest neighbours by this model, or by the default one, reranked by the default one. */
    private static String search(String embedding) {
        return Template.fill(
                """
                { "size": 12, %s, "knn": { "field": "vector", "k": 12, "num_candidates": 12,
                    "query_vector_builder": { "qwen3_embedding": { "model_text": "ice" %s } } } }
                """,
                reranking(""), embedding == null ? "" : ", \"model_id\": \"" + embedding + "\"");
    }

    private static String rescore(String parameters) {
        return "{ \"size\": 12, " + reranking(parameters) + " }";
    }

    private static String reranking(String parameters) {
        return Template.fill(
                """
                "rescore": { "window_size": 12, "qwen3_reranker": {
                    "field": "body", "query_text": "ice" %s } }
                """,
                parameters);
    }
}
