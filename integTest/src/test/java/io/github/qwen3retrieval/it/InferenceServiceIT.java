package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bridge on a real node, found and called by a module that stands in for x-pack-inference. */
class InferenceServiceIT {

    private static final String EMBEDDING = "_stand_in/qwen3/text_embedding";
    private static final String RERANK = "_stand_in/qwen3/rerank";

    private static final String CONFIG =
            Template.fill(
                    "{ \"service_settings\": { \"model_id\": \"%s\" },"
                            + " \"chunking_settings\": { \"strategy\": \"word\","
                            + " \"max_chunk_size\": 10, \"overlap\": 2 } }",
                    TestModels.EMBEDDING);

    private static Command withoutModule;
    private static RealNode node;

    private final NodeClient client = node.client();

    @BeforeAll
    static void start() throws Exception {
        Path bridge = Path.of(System.getProperty("it.bridge.zip"));
        Installation installation = Installation.unpack();
        installation.installPlugin().orFail();
        withoutModule = installation.install(bridge);
        StandInModule.addTo(installation);
        installation.install(bridge).orFail();
        node = new RealNode(installation, NodeConfig.create(installation, Map.of()).withModels());
        node.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void isRefusedWhereTheModuleIsMissing() {
        assertTrue(withoutModule.exit() != 0);
        assertTrue(
                withoutModule.err().contains("Missing plugin [x-pack-inference]"),
                withoutModule.toString());
    }

    @ParameterizedTest
    @CsvSource({"search, query", "ingest, document", "unspecified, document"})
    void embedsAsOurOwnRouteDoes(String inputType, String ourType) throws Exception {
        ObjectNode body = body(CONFIG, Articles.TEXTS).put("input_type", inputType);
        JsonNode answer = client.post(EMBEDDING, body.toString()).ok().body();
        JsonNode ours = ours(Articles.TEXTS, ourType, null, null);
        assertEquals(Articles.TEXTS.size(), answer.get("text_embedding").size());
        for (int i = 0; i < Articles.TEXTS.size(); i++) {
            assertVector(vector(ours, i), answer.get("text_embedding").get(i).get("embedding"));
        }
        assertEquals(TestModels.DIMENSIONS, answer.at("/model_settings/dimensions").asInt());
        assertEquals("cosine", answer.at("/model_settings/similarity").asText());
        assertEquals("float", answer.at("/model_settings/element_type").asText());
    }

    @Test
    void settingsReachTheModel() throws Exception {
        String config =
                Template.fill(
                        "{ \"service_settings\": { \"model_id\": \"%s\", \"dimensions\": 32 },"
                                + " \"task_settings\": { \"instruction\": \"Find it\" } }",
                        TestModels.EMBEDDING);
        ObjectNode body = body(config, List.of(Articles.QUERY)).put("input_type", "search");
        JsonNode answer = client.post(EMBEDDING, body.toString()).ok().body();
        assertVector(
                vector(ours(List.of(Articles.QUERY), "query", "Find it", 32), 0),
                answer.at("/text_embedding/0/embedding"));
        body.putObject("task_settings").put("instruction", "Judge it");
        answer = client.post(EMBEDDING, body.toString()).ok().body();
        assertVector(
                vector(ours(List.of(Articles.QUERY), "query", "Judge it", 32), 0),
                answer.at("/text_embedding/0/embedding"));
    }

    @Test
    void everyChunkHasTheVectorOfItsText() throws Exception {
        String text = String.join(" ", Articles.TEXTS);
        ObjectNode body = body(CONFIG, List.of(text, "short")).put("chunked", true);
        JsonNode texts = client.post(EMBEDDING, body.toString()).ok().body().get("texts");
        assertTrue(texts.get(0).size() > 5, texts.get(0).size() + " chunks");
        assertEquals(1, texts.get(1).size());
        for (JsonNode chunk : texts.get(0)) {
            String part = text.substring(chunk.get("start").asInt(), chunk.get("end").asInt());
            assertVector(
                    vector(ours(List.of(part), "document", null, null), 0), chunk.get("vector"));
        }
    }

    @Test
    void reranksAsOurOwnRouteDoes() throws Exception {
        ObjectNode body = body("{}", Articles.TEXTS).put("query", Articles.QUERY);
        JsonNode answer = client.post(RERANK, body.toString()).ok().body().get("rerank");
        ObjectNode request =
                Articles.JSON
                        .createObjectNode()
                        .put("model", TestModels.RERANKER)
                        .put("query", Articles.QUERY);
        Articles.TEXTS.forEach(request.putArray("documents")::add);
        JsonNode ours = client.post("_qwen3/v1/rerank", request.toString()).ok().body();
        assertEquals(Articles.TEXTS.size(), answer.size());
        for (int i = 0; i < answer.size(); i++) {
            JsonNode expected = ours.get("results").get(i);
            assertEquals(expected.get("index"), answer.get(i).get("index"));
            assertEquals(
                    expected.get("relevance_score").asDouble(),
                    answer.get(i).get("relevance_score").asDouble(),
                    1e-5);
        }
    }

    /** PUT embeds one text, so that a wrong endpoint is told of when it is made. */
    @Test
    void aWrongModelIsAWrongRequest() throws Exception {
        for (String model : List.of("nowhere", TestModels.RERANKER)) {
            String config = "{\"service_settings\": {\"model_id\": \"" + model + "\"}}";
            NodeClient.Answer answer =
                    client.post(EMBEDDING, body(config, List.of("a")).toString());
            assertEquals(400, answer.status(), answer.toString());
            assertTrue(answer.reason().startsWith("[model_id] [" + model + "]"), answer.reason());
        }
    }

    private JsonNode ours(
            List<String> texts, String inputType, String instruction, Integer dimensions)
            throws Exception {
        ObjectNode request =
                Articles.JSON
                        .createObjectNode()
                        .put("model", TestModels.EMBEDDING)
                        .put("input_type", inputType)
                        .put("instruction", instruction)
                        .put("dimensions", dimensions);
        texts.forEach(request.putArray("input")::add);
        return client.post("_qwen3/v1/embeddings", request.toString()).ok().body();
    }

    private static JsonNode vector(JsonNode answer, int index) {
        return answer.get("data").get(index).get("embedding");
    }

    private static ObjectNode body(String config, List<String> input) throws Exception {
        ObjectNode body = Articles.JSON.createObjectNode();
        body.set("config", Articles.JSON.readTree(config));
        ArrayNode texts = body.putArray("input");
        input.forEach(texts::add);
        return body;
    }

    private static void assertVector(JsonNode expected, JsonNode vector) {
        assertEquals(expected.size(), vector.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).asDouble(), vector.get(i).asDouble(), 1e-5);
        }
    }
}
