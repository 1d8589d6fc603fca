import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What ./demo does once its node answers: pipeline, index, ingest, searches, and the commands to
 * repeat them. Plain HTTP with plain JSON, as any client would send it.
 */
final class Demo {

    private static final String NAME = "qwen3-demo";
    private static final int BULK = 16;
    private static final int WINDOW = 20;
    private static final int SHOWN = 5;
    private static final List<String> QUERIES =
            List.of(
                    "en-571c8539dd7acb1400e4c0e2",
                    "en-57114667a58dae1900cd6d80",
                    "en-5727cb4b2ca10214002d9676");

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String embedding;
    private final String reranker;
    private final Path collection;
    private final boolean live;

    private Demo(String[] arguments) {
        url = arguments[0];
        embedding = arguments[1];
        reranker = arguments[2];
        collection = Path.of(arguments[3]);
        live = arguments[4].equals("live");
    }

    /**
     * Runs the demo against a node.
     *
     * @param arguments URL, embedding model, reranker, the collection's folder, and {@code live}
     *     where a line on the console may be overwritten
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            new Demo(arguments).run();
        } catch (IOException e) {
            // a refused connection has no message
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            System.err.println("demo: " + reason);
            System.exit(1);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<JsonObject> paragraphs = lines("corpus.jsonl");
        System.out.println("embedding with [" + embedding + "], reranking with [" + reranker + "]");
        if (indexed() == paragraphs.size()) {
            System.out.println(
                    "index [" + NAME + "] already holds the " + paragraphs.size() + " paragraphs");
        } else {
            createPipelineAndIndex();
            ingest(paragraphs);
        }
        Map<String, String> answers = answers();
        String last = null;
        for (JsonObject query : lines("queries.jsonl")) {
            if (QUERIES.contains(text(query, "_id"))) {
                last = text(query, "text");
                show(last, answers.get(text(query, "_id")));
            }
        }
        System.out.println("\n* is the paragraph that answers the question. The same by hand:\n");
        System.out.println(curl(knn(last)));
        System.out.println(curl(rescored(last)));
    }

    /** Documents that the index holds of this embedding model. */
    private int indexed() throws IOException, InterruptedException {
        HttpResponse<String> mapping = answer("GET", NAME + "/_mapping", null);
        String wanted = "\"model_id\":\"" + embedding + "\"";
        if (mapping.statusCode() != 200 || !mapping.body().contains(wanted)) {
            return 0;
        }
        return send("GET", NAME + "/_count", null).get("count").getAsInt();
    }

    private void createPipelineAndIndex() throws IOException, InterruptedException {
        send(
                "PUT",
                "_ingest/pipeline/" + NAME,
                """
                { "processors": [ { "qwen3_embedding": {
                    "field": "text", "target_field": "text_vector", "model_id": "%s" } } ] }
                """
                        .formatted(embedding));
        answer("DELETE", NAME, null);
        send(
                "PUT",
                NAME,
                """
                { "settings": { "number_of_shards": 1, "number_of_replicas": 0,
                                "index.default_pipeline": "%s" },
                  "mappings": { "_meta": { "model_id": "%s" },
                                "properties": { "text": { "type": "text" },
                                                "text_vector": { "type": "dense_vector" } } } }
                """
                        .formatted(NAME, embedding));
    }

    private void ingest(List<JsonObject> paragraphs) throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (int from = 0; from < paragraphs.size(); from += BULK) {
            int to = Math.min(from + BULK, paragraphs.size());
            StringBuilder body = new StringBuilder();
            for (JsonObject paragraph : paragraphs.subList(from, to)) {
                JsonObject document = new JsonObject();
                document.add("text", paragraph.get("text"));
                body.append("{\"index\":{\"_id\":").append(paragraph.get("_id")).append("}}\n");
                body.append(document).append('\n');
            }
            JsonObject done = send("POST", NAME + "/_bulk", body.toString());
            if (done.get("errors").getAsBoolean()) {
                throw new IOException("a document was refused: " + brief(done.toString()));
            }
            progress(to, paragraphs.size(), start);
        }
        send("POST", NAME + "/_refresh", null);
    }

    private void progress(int done, int of, long start) {
        if (live || done == of) {
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%singested %d of %d paragraphs, %.1f documents/s%s",
                    live ? "\r" : "",
                    done,
                    of,
                    done / seconds,
                    done == of ? "\n" : "");
            System.out.flush();
        }
    }

    private void show(String question, String answer) throws IOException, InterruptedException {
        System.out.println("\n" + question);
        long start = System.nanoTime();
        JsonArray before = search(knn(question));
        long middle = System.nanoTime();
        JsonArray after = search(rescored(question));
        System.out.printf(
                Locale.ROOT,
                "     %-50s | %s%n",
                "before: knn, " + millis(start, middle) + " ms",
                "after: knn + rescore, " + millis(middle, System.nanoTime()) + " ms");
        for (int i = 0; i < Math.min(SHOWN, after.size()); i++) {
            System.out.printf(
                    "  %d  %-50s | %s%n",
                    i + 1, hit(before.get(i), answer), hit(after.get(i), answer));
        }
    }

    private JsonArray search(String body) throws IOException, InterruptedException {
        JsonObject response = send("POST", NAME + "/_search", body);
        return response.getAsJsonObject("hits").getAsJsonArray("hits");
    }

    private static String hit(JsonElement element, String answer) {
        JsonObject hit = element.getAsJsonObject();
        String id = text(hit, "_id");
        String words = text(hit.getAsJsonObject("_source"), "text");
        return String.format(
                Locale.ROOT,
                "%.4f %s %s %s",
                hit.get("_score").getAsDouble(),
                id.equals(answer) ? "*" : " ",
                id,
                words.substring(0, Math.min(30, words.length())));
    }

    private String knn(String question) {
        return """
                { "size": %d, "_source": ["text"],
                  %s }\
                """
                .formatted(SHOWN, knnClause(question));
    }

    private String rescored(String question) {
        return """
                { "size": %d, "_source": ["text"],
                  %s,
                  "rescore": { "window_size": %d, "qwen3_reranker": { "field": "text",
                      "query_text": "%s", "model_id": "%s", "on_failure": "fail" } } }\
                """
                .formatted(SHOWN, knnClause(question), WINDOW, question, reranker);
    }

    private String knnClause(String question) {
        return """
               "knn": { "field": "text_vector", "k": %d, "num_candidates": 100,
                      "query_vector_builder": { "qwen3_embedding": {
                          "model_text": "%s", "model_id": "%s" } } }\
               """
                .formatted(WINDOW, question, embedding);
    }

    private String curl(String body) {
        return "curl -s '%s/%s/_search?pretty' -H 'Content-Type: application/json' -d '%s'%n"
                .formatted(url, NAME, body);
    }

    /** An answer with an error is an exception that says it. */
    private JsonObject send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = answer(method, path, body);
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " /" + path + " failed: " + brief(answer.body()));
        }
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    private HttpResponse<String> answer(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/" + path))
                        .timeout(Duration.ofMinutes(10))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private Map<String, String> answers() throws IOException {
        Map<String, String> answers = new HashMap<>();
        for (String line : Files.readAllLines(collection.resolve("qrels.tsv"))) {
            String[] columns = line.split("\t");
            answers.put(columns[0], columns[1]);
        }
        return answers;
    }

    private List<JsonObject> lines(String file) throws IOException {
        return Files.readAllLines(collection.resolve(file)).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    private static String brief(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.substring(0, Math.min(600, line.length()));
    }
}
