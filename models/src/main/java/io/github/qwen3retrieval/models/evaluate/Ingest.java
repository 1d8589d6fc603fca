package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings documents into an index: some are embedded by the plugin's processor, then indexed, then
 * the next. Documents that the node has no room for are sent again with growing pauses; one that is
 * refused for good is a line, and the others go on.
 */
final class Ingest {

    private static final String VECTOR = "qwen3_evaluate_vector";
    private static final int TRIES = 7;
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final Set<String> BUSY =
            Set.of("es_rejected_execution_exception", "circuit_breaking_exception");

    private final Node node;
    private final IndexPlan plan;
    private final Consumer<String> failures;
    private final Set<String> refused = new HashSet<>();

    /**
     * Into an index that is there.
     *
     * @param failures told of each document that was refused
     */
    Ingest(Node node, IndexPlan plan, Consumer<String> failures) {
        this.node = node;
        this.plan = plan;
        this.failures = failures;
    }

    /** Documents that were refused so far. */
    int failed() {
        return refused.size();
    }

    /** Embeds and indexes some documents. */
    void add(List<Document> documents) throws IOException, InterruptedException {
        Map<String, JsonArray> vectors = new HashMap<>();
        List<Document> whole = documents;
        if (plan.embedding() != null) {
            whole = repeat(documents, pending -> embed(pending, vectors));
        }
        repeat(whole, pending -> index(pending, vectors));
    }

    /** Deals with documents; gives back those for which the node had no room. */
    private interface Step {
        List<Document> of(List<Document> documents) throws IOException, InterruptedException;
    }

    /** Takes a step with all documents; those that it did not refuse go on. */
    private List<Document> repeat(List<Document> documents, Step step)
            throws IOException, InterruptedException {
        List<Document> pending = step.of(documents);
        long pause = FIRST_PAUSE_MILLIS;
        for (int tries = 1; pending.isEmpty() == false && tries < TRIES; tries++) {
            Thread.sleep(pause);
            pause *= 2;
            pending = step.of(pending);
        }
        pending.forEach(d -> fail(d, "the node had no room for it in [" + TRIES + "] tries"));
        return documents.stream().filter(d -> refused.contains(d.id()) == false).toList();
    }

    private void fail(Document document, String why) {
        refused.add(document.id());
        failures.accept("document [" + document.id() + "]: " + why);
    }

    private List<Document> embed(List<Document> documents, Map<String, JsonArray> vectors)
            throws IOException, InterruptedException {
        JsonArray sources = new JsonArray();
        for (Document document : documents) {
            JsonObject source = new JsonObject();
            source.addProperty(plan.textField(), document.text());
            sources.add(SearchJson.object("_source", source));
        }
        JsonArray processors = new JsonArray();
        processors.add(SearchJson.object("qwen3_embedding", processor()));
        JsonObject body =
                SearchJson.object("pipeline", SearchJson.object("processors", processors));
        body.add("docs", sources);
        JsonArray answers =
                node.send("POST", "_ingest/pipeline/_simulate", body.toString())
                        .body()
                        .getAsJsonArray("docs");
        List<Document> busy = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            JsonObject answer = answers.get(i).getAsJsonObject();
            if (answer.has("error")) {
                note(documents.get(i), answer.getAsJsonObject("error"), 0, busy);
                continue;
            }
            JsonObject source = answer.getAsJsonObject("doc").getAsJsonObject("_source");
            if (source.has(VECTOR)) {
                vectors.put(documents.get(i).id(), source.getAsJsonArray(VECTOR));
            }
        }
        return busy;
    }

    /** A document without text has no vector, as with the processor in a pipeline. */
    private JsonObject processor() {
        JsonObject processor = new JsonObject();
        processor.addProperty("field", plan.textField());
        processor.addProperty("target_field", VECTOR);
        processor.addProperty("model_id", plan.embedding().id());
        processor.addProperty("dimensions", plan.longest());
        processor.addProperty("ignore_missing", true);
        if (plan.embedding().maxLength() != null) {
            processor.addProperty("max_length", plan.embedding().maxLength());
        }
        return processor;
    }

    private List<Document> index(List<Document> documents, Map<String, JsonArray> vectors)
            throws IOException, InterruptedException {
        if (documents.isEmpty()) {
            return List.of();
        }
        StringBuilder lines = new StringBuilder();
        for (Document document : documents) {
            JsonObject id = new JsonObject();
            id.addProperty("_id", document.id());
            lines.append(SearchJson.object("index", id)).append('\n');
            lines.append(source(document, vectors.get(document.id()))).append('\n');
        }
        JsonArray items =
                node.send("POST", Node.part(plan.name()) + "/_bulk", lines.toString())
                        .body()
                        .getAsJsonArray("items");
        List<Document> busy = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            JsonObject item = items.get(i).getAsJsonObject().getAsJsonObject("index");
            if (item.has("error")) {
                int status = item.get("status").getAsInt();
                note(documents.get(i), item.getAsJsonObject("error"), status, busy);
            }
        }
        return busy;
    }

    private JsonObject source(Document document, JsonArray vector) {
        JsonObject source = new JsonObject();
        source.addProperty(plan.textField(), document.text());
        if (vector != null) {
            float[] longest = new float[vector.size()];
            for (int i = 0; i < longest.length; i++) {
                longest[i] = vector.get(i).getAsFloat();
            }
            for (VectorField field : plan.vectors()) {
                JsonArray cut = new JsonArray();
                for (float number : VectorCut.of(longest, field.dimensions())) {
                    cut.add(number);
                }
                source.add(field.name(), cut);
            }
        }
        return source;
    }

    private void note(Document document, JsonObject error, int status, List<Document> busy) {
        JsonElement type = error.get("type");
        if (status == 429 || status == 503 || BUSY.contains(type.getAsString())) {
            busy.add(document);
        } else {
            fail(document, error.get("reason").getAsString());
        }
    }
}
