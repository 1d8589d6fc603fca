package io.github.qwen3retrieval.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;

/**
 * Brings a collection into its index, embedded inside the node. What is already there is known by
 * the stamp in the index's mapping, that of the model's bytes and of the documents, and kept: an
 * ingest that was broken off goes on where it stood.
 */
public final class Ingest {

    private static final int BULK = 64;

    private final ElasticsearchNode node;
    private final PrintStream out;
    private final boolean live;

    /**
     * An ingest into a node.
     *
     * @param out where progress is told
     * @param live whether a line there may be overwritten
     */
    public Ingest(ElasticsearchNode node, PrintStream out, boolean live) {
        this.node = node;
        this.out = out;
        this.live = live;
    }

    /** Makes the collection's index hold its documents, with vectors of this model. */
    public void run(Collection collection, String embedding)
            throws IOException, InterruptedException {
        JsonObject stamp = stamp(collection, embedding);
        int total = collection.documents().size();
        int there = there(collection, stamp);
        if (there == total) {
            out.printf(
                    Locale.ROOT,
                    "index [%s] already holds the %,d %s%n",
                    collection.index(),
                    total,
                    collection.noun());
            return;
        }
        createPipeline(collection, embedding);
        if (there == 0) {
            createIndex(collection, stamp);
        }
        send(collection, there);
    }

    private JsonObject stamp(Collection collection, String embedding)
            throws IOException, InterruptedException {
        JsonObject field = new JsonObject();
        field.addProperty("model_sha256", node.sha256(embedding));
        JsonObject fields = new JsonObject();
        fields.add("text_vector", field);
        JsonObject stamp = new JsonObject();
        stamp.add("qwen3", fields);
        stamp.addProperty("documents_sha256", collection.sha256());
        return stamp;
    }

    /** How many of these documents the index holds; they went in one after the other. */
    private int there(Collection collection, JsonObject stamp)
            throws IOException, InterruptedException {
        String index = collection.index();
        HttpResponse<String> answer = node.answer("GET", index + "/_mapping", null);
        if (answer.statusCode() != 200) {
            return 0;
        }
        JsonObject mapping =
                JsonParser.parseString(answer.body())
                        .getAsJsonObject()
                        .getAsJsonObject(index)
                        .getAsJsonObject("mappings");
        if (!stamp.equals(mapping.get("_meta"))) {
            return 0;
        }
        node.send("POST", index + "/_refresh", null);
        return node.send("GET", index + "/_count", null).get("count").getAsInt();
    }

    private void createPipeline(Collection collection, String embedding)
            throws IOException, InterruptedException {
        node.send(
                "PUT",
                "_ingest/pipeline/" + collection.index(),
                String.format(
                        Locale.ROOT,
                        """
                { "processors": [ { "qwen3_embedding": {
                    "field": "text", "target_field": "text_vector", "model_id": "%s" } } ] }
                """,
                        embedding));
    }

    private void createIndex(Collection collection, JsonObject stamp)
            throws IOException, InterruptedException {
        node.answer("DELETE", collection.index(), null);
        node.send(
                "PUT",
                collection.index(),
                String.format(
                        Locale.ROOT,
                        """
                { "settings": { "number_of_shards": 1, "number_of_replicas": 0,
                                "index.default_pipeline": "%s" },
                  "mappings": { "_meta": %s,
                                "properties": {
                                  "text": { "type": "text" },
                                  "text_vector": { "type": "dense_vector",
                                                   "index_options": { "type": "hnsw" } } } } }
                """,
                        collection.index(),
                        stamp));
    }

    private void send(Collection collection, int there) throws IOException, InterruptedException {
        List<JsonObject> documents = collection.documents();
        ProgressBar bar = new ProgressBar(out, live, collection.noun(), there, documents.size());
        for (int from = there; from < documents.size(); from += BULK) {
            int to = Math.min(from + BULK, documents.size());
            String path = collection.index() + "/_bulk";
            JsonObject done = node.send("POST", path, bulk(documents.subList(from, to)));
            if (done.get("errors").getAsBoolean()) {
                throw new IOException("a document was refused: " + done.get("items"));
            }
            bar.show(to);
        }
        node.send("POST", collection.index() + "/_refresh", null);
    }

    private static String bulk(List<JsonObject> documents) {
        StringBuilder lines = new StringBuilder();
        for (JsonObject document : documents) {
            JsonObject source = new JsonObject();
            source.add("text", document.get("text"));
            lines.append("{\"index\":{\"_id\":").append(document.get("_id")).append("}}\n");
            lines.append(source).append('\n');
        }
        return lines.toString();
    }
}
