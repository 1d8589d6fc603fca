package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A node of narrow limits with damaged checkpoints beside good ones: what does not fit or does not
 * work is refused in words, with a status that blames the right one, and the rest goes on.
 */
class LimitsIT {

    private static RealNode node;
    private static NodeClient client;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = SharedInstallation.get();
        Map<String, Object> settings =
                Map.of(
                        "qwen3.queue.max_tokens",
                        4000,
                        "qwen3.threads",
                        1,
                        "qwen3.embedding.default_model",
                        TestModels.EMBEDDING,
                        "qwen3.reranker.default_model",
                        TestModels.RERANKER,
                        "qwen3.models.open_at_start",
                        "truncated,absent");
        NodeConfig config = NodeConfig.create(installation, settings).withModels();
        damage(config.models());
        node = new RealNode(installation, config).start();
        client = node.client();
        Articles.index(client, "articles", 1, "");
    }

    private static void damage(Path models) throws IOException {
        Path good = models.resolve(TestModels.EMBEDDING);
        for (String name :
                new String[] {"truncated", "no-config", "no-tokenizer", "other", "garbage"}) {
            ScratchFolders.copy(good, models.resolve(name));
        }
        try (var weights =
                new RandomAccessFile(
                        models.resolve("truncated/model.safetensors").toFile(), "rw")) {
            weights.setLength(weights.length() / 2);
        }
        Files.delete(models.resolve("no-config/config.json"));
        Files.delete(models.resolve("no-tokenizer/tokenizer.json"));
        Files.writeString(models.resolve("garbage/tokenizer.json"), "{ \"model\": 1");
        Path config = models.resolve("other/config.json");
        Files.writeString(config, Files.readString(config).replace("qwen3", "llama"));
        Files.createDirectory(models.resolve("empty"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void damagedCheckpointsAreNamedAndTheNodeGoesOn() throws Exception {
        for (String model :
                new String[] {
                    "truncated", "no-config", "no-tokenizer", "other", "garbage", "empty"
                }) {
            NodeClient.Answer answer = embed(model);
            String said = answer.body().toString();
            assertEquals(424, answer.status(), said);
            assertTrue(said.contains(model), said);
            NodeClient.Answer search = knn(model);
            assertEquals(424, search.status(), search.body().toString());
        }
        embed(TestModels.EMBEDDING).ok();
        JsonNode models = client.get("_qwen3/models").ok().body().findValue("models");
        for (JsonNode model : models) {
            boolean good = model.get("model_id").asText().startsWith("tiny-");
            assertEquals(good ? "open" : "broken", state(model), model.toString());
        }
    }

    /** A model that was not needed yet counts as good. */
    private static String state(JsonNode model) {
        String state = model.get("state").asText();
        return state.equals("closed") ? "open" : state;
    }

    @Test
    void theLogSaysWhatIsWrong() {
        assertTrue(node.log().contains("model [truncated] cannot be"), node.log());
        assertTrue(node.log().contains("names model [absent], which is not in"), node.log());
    }

    @Test
    void tooMuchWaitingWorkIsRefusedAndNothingIsLost() throws Exception {
        StringBuilder bulk = new StringBuilder();
        String text = String.join(" ", Collections.nCopies(100, "word"));
        for (int i = 0; i < 100; i++) {
            bulk.append("{\"index\":{\"_id\":\"").append(i).append("\"}}\n");
            bulk.append("{\"body\":\"").append(text).append("\"}\n");
        }
        JsonNode answer =
                client.post("queue/_bulk?refresh=true&pipeline=embed", bulk.toString()).ok().body();
        int done = 0;
        int refused = 0;
        for (JsonNode item : answer.get("items")) {
            int status = item.at("/index/status").asInt();
            assertTrue(status == 201 || status == 429, item.toString());
            done += status == 201 ? 1 : 0;
            refused += status == 429 ? 1 : 0;
        }
        assertTrue(done > 0 && refused > 0, done + " done, " + refused + " refused");
        assertEquals(done, client.get("queue/_count").ok().body().get("count").asInt());
        JsonNode stats = client.get("_qwen3/stats").ok().body();
        assertTrue(stats.findValue("rejected").asLong() >= refused, stats.toString());
        assertEquals(0, stats.findValue("queue").get("tokens").asLong());
    }

    @Test
    void theBreakerRefusesWhatDoesNotFitAndCanBeWidened() throws Exception {
        limit("\"1kb\"");
        try {
            NodeClient.Answer answer = knn(null);
            assertEquals(429, answer.status(), answer.body().toString());
            assertTrue(answer.body().toString().contains("circuit_breaking_exception"));
            assertTrue(answer.body().toString().contains("[qwen3] Data too large"));
        } finally {
            limit("null");
        }
        knn(null).ok();
    }

    private static void limit(String limit) throws IOException {
        client.put(
                        "_cluster/settings",
                        "{ \"persistent\": { \"indices.breaker.qwen3.limit\": " + limit + " } }")
                .ok();
    }

    private static NodeClient.Answer embed(String model) throws IOException {
        Articles.pipeline(client, "named", ", \"model_id\": \"" + model + "\"");
        return client.put("named/_doc/1?pipeline=named", "{ \"body\": \"text\" }");
    }

    private static NodeClient.Answer knn(String model) throws IOException {
        String named = model == null ? "" : ", \"model_id\": \"" + model + "\"";
        return client.post(
                "articles/_search",
                Template.fill(
                        """
                { "knn": { "field": "vector", "k": 1, "num_candidates": 1,
                    "query_vector_builder": { "qwen3_embedding": { "model_text": "x" %s } } } }
                """,
                        named));
    }
}
