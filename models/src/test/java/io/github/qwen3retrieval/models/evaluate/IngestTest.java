package io.github.qwen3retrieval.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Documents that a node takes, has no room for at first, or refuses. */
class IngestTest {

    private static final IndexPlan PLAN =
            new IndexPlan(
                    "index",
                    "text",
                    "standard",
                    new ModelAsked("e", "", "float32", 3, null, null),
                    List.of(3, 2),
                    List.of("flat", "hnsw"));

    private final Set<String> seen = new HashSet<>();
    private final Map<String, JsonObject> indexed = new TreeMap<>();
    private final List<String> said = new ArrayList<>();

    @Test
    void documentsWithoutRoomComeAgainAndRefusedOnesAreALineEach() throws Exception {
        try (ScriptedNode server = new ScriptedNode(this::answer);
                Node node = new Node(server.url(), null, Duration.ofMinutes(1))) {
            Ingest ingest = new Ingest(node, PLAN, said::add);
            ingest.add(
                    List.of(
                            new Document("a", "plain"),
                            new Document("b", "embed later"),
                            new Document("c", "embed never"),
                            new Document("d", "index later"),
                            new Document("e", "index never"),
                            new Document("f", "")));
            assertEquals(2, ingest.failed());
        }
        assertEquals(
                List.of("document [c]: no finite vector", "document [e]: mapping says no"), said);
        assertEquals(Set.of("a", "b", "d", "f"), indexed.keySet());
        JsonObject a = indexed.get("a");
        assertEquals(List.of(0.0, 0.6, 0.8), numbers(a, "vector_3_flat"));
        assertEquals(List.of(0.0, 0.6, 0.8), numbers(a, "vector_3_hnsw"));
        assertEquals(List.of(0.0, 1.0), numbers(a, "vector_2_flat"));
        assertFalse(indexed.get("f").has("vector_3_flat"));
        assertEquals("", indexed.get("f").get("text").getAsString());
    }

    private ScriptedNode.Answer answer(ScriptedNode.Request request) {
        if (request.path().equals("_ingest/pipeline/_simulate")) {
            return new ScriptedNode.Answer(200, embedded(request.body()).toString());
        }
        assertEquals("index/_bulk", request.path());
        return new ScriptedNode.Answer(200, stored(request.body().lines().toList()).toString());
    }

    private JsonObject embedded(String body) {
        JsonObject asked = JsonParser.parseString(body).getAsJsonObject();
        JsonObject processor =
                asked.getAsJsonObject("pipeline")
                        .getAsJsonArray("processors")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("qwen3_embedding");
        assertEquals(3, processor.get("dimensions").getAsInt());
        JsonArray docs = new JsonArray();
        for (JsonElement each : asked.getAsJsonArray("docs")) {
            JsonObject source = each.getAsJsonObject().getAsJsonObject("_source");
            String text = source.get("text").getAsString();
            if (text.equals("embed later") && seen.add(text)) {
                docs.add(error("es_rejected_execution_exception", "tokens wait"));
            } else if (text.equals("embed never")) {
                docs.add(error("model_exception", "no finite vector"));
            } else {
                if (text.isEmpty() == false) {
                    JsonArray vector = new JsonArray();
                    List.of(0.0, 0.6, 0.8).forEach(vector::add);
                    source.add(processor.get("target_field").getAsString(), vector);
                }
                docs.add(SearchJson.object("doc", SearchJson.object("_source", source)));
            }
        }
        return SearchJson.object("docs", docs);
    }

    private JsonObject stored(List<String> lines) {
        JsonArray items = new JsonArray();
        for (int i = 0; i < lines.size(); i += 2) {
            JsonObject source = JsonParser.parseString(lines.get(i + 1)).getAsJsonObject();
            String text = source.get("text").getAsString();
            JsonObject item = new JsonObject();
            if (text.equals("index later") && seen.add(text)) {
                item = error("es_rejected_execution_exception", "queue is full");
                item.addProperty("status", 429);
            } else if (text.equals("index never")) {
                item = error("document_parsing_exception", "mapping says no");
                item.addProperty("status", 400);
            } else {
                JsonObject head = JsonParser.parseString(lines.get(i)).getAsJsonObject();
                String id = head.getAsJsonObject("index").get("_id").getAsString();
                assertTrue(indexed.put(id, source) == null, id);
            }
            items.add(SearchJson.object("index", item));
        }
        return SearchJson.object("items", items);
    }

    private static JsonObject error(String type, String reason) {
        JsonObject error = new JsonObject();
        error.addProperty("type", type);
        error.addProperty("reason", reason);
        return SearchJson.object("error", error);
    }

    private static List<Double> numbers(JsonObject source, String field) {
        return StreamSupport.stream(source.getAsJsonArray(field).spliterator(), false)
                .map(number -> Math.round(1e6 * number.getAsDouble()) / 1e6)
                .toList();
    }
}
