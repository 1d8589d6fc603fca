package io.github.qwen3retrieval.demo;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One search, as a command to repeat it and its hits before and after reranking. */
final class WorkedSearch {

    private static final int WINDOW = 50;
    private static final int SHOWN = 5;

    private final ElasticsearchNode node;
    private final Map<String, String> models;
    private final PrintStream out;

    /**
     * A search on a node.
     *
     * @param models the model_id of each kind, {@code embedding} and {@code reranker}
     */
    WorkedSearch(ElasticsearchNode node, Map<String, String> models, PrintStream out) {
        this.node = node;
        this.models = models;
        this.out = out;
    }

    /** Runs the first sample query of a collection and prints what came of it. */
    void show(Collection collection) throws IOException, InterruptedException {
        Collection.Sample sample = collection.samples().getFirst();
        JsonObject knn = knn(sample.text());
        JsonObject rescored = rescored(sample.text());
        out.println("\n" + sample.text() + "\n");
        out.println(curl(collection, rescored));
        long start = System.nanoTime();
        JsonArray before = search(collection, knn);
        long middle = System.nanoTime();
        JsonArray after = search(collection, rescored);
        out.printf(
                Locale.ROOT,
                "     %-50s | %s%n",
                "before: knn, " + millis(start, middle) + " ms",
                "after: knn + rescore, " + millis(middle, System.nanoTime()) + " ms");
        for (int i = 0; i < Math.min(SHOWN, after.size()); i++) {
            out.printf(
                    Locale.ROOT,
                    "  %d  %-50s | %s%n",
                    i + 1,
                    hit(before.get(i), sample),
                    hit(after.get(i), sample));
        }
        out.println("\n* is labelled as the answer.");
    }

    private JsonArray search(Collection collection, JsonObject body)
            throws IOException, InterruptedException {
        return node.send("POST", collection.index() + "/_search", body.toString())
                .getAsJsonObject("hits")
                .getAsJsonArray("hits");
    }

    private static String hit(JsonElement element, Collection.Sample sample) {
        JsonObject hit = element.getAsJsonObject();
        String id = hit.get("_id").getAsString();
        String text = hit.getAsJsonObject("_source").get("text").getAsString();
        String words = text.replaceAll("\\s+", " ");
        return String.format(
                Locale.ROOT,
                "%.4f %s %s %s",
                hit.get("_score").getAsDouble(),
                sample.answers().contains(id) ? "*" : " ",
                id,
                words.substring(0, Math.min(30, words.length())));
    }

    private JsonObject knn(String question) {
        JsonObject text = new JsonObject();
        text.addProperty("model_text", question);
        text.addProperty("model_id", models.get("embedding"));
        JsonObject builder = new JsonObject();
        builder.add("qwen3_embedding", text);
        JsonObject knn = new JsonObject();
        knn.addProperty("field", "text_vector");
        knn.addProperty("k", WINDOW);
        knn.addProperty("num_candidates", 4 * WINDOW);
        knn.add("query_vector_builder", builder);
        JsonObject body = new JsonObject();
        body.addProperty("size", SHOWN);
        body.add("knn", knn);
        return body;
    }

    private JsonObject rescored(String question) {
        JsonObject reranker = new JsonObject();
        reranker.addProperty("field", "text");
        reranker.addProperty("query_text", question);
        reranker.addProperty("model_id", models.get("reranker"));
        reranker.addProperty("on_failure", "fail");
        JsonObject rescore = new JsonObject();
        rescore.addProperty("window_size", WINDOW);
        rescore.add("qwen3_reranker", reranker);
        JsonObject body = knn(question);
        body.add("rescore", rescore);
        return body;
    }

    /** One line for each member; Gson escapes the quotes that the shell would see. */
    private String curl(Collection collection, JsonObject body) {
        String members =
                body.entrySet().stream()
                        .map(
                                each ->
                                        "\""
                                                + each.getKey()
                                                + "\": "
                                                + new Gson().toJson(each.getValue()))
                        .collect(Collectors.joining(",\n  "));
        return String.format(
                Locale.ROOT,
                "curl -s '%s/%s/_search?pretty' -H 'Content-Type: application/json' -d '{\n  %s\n}'\n",
                node.url(),
                collection.index(),
                members);
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }
}
