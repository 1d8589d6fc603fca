package io.github.qwen3retrieval.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A node of Elasticsearch behind its REST interface. */
public final class ElasticsearchNode {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI url;

    /**
     * A node at an address.
     *
     * @param url such as {@code http://127.0.0.1:9200}
     */
    public ElasticsearchNode(URI url) {
        this.url = url;
    }

    /** Its address. */
    URI url() {
        return url;
    }

    /**
     * Sends a request.
     *
     * @param path what comes after the address and its slash
     * @param body JSON, lines of JSON, or null for none
     * @throws IOException with the node's words where it answers with an error
     */
    JsonObject send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = answer(method, path, body);
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " /" + path + " failed: " + brief(answer.body()));
        }
        JsonElement json = JsonParser.parseString(answer.body());
        return json.getAsJsonObject();
    }

    /** Sends a request and gives the answer, an error too. */
    HttpResponse<String> answer(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve("/" + path))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /**
     * The sha256 that the node gives a model's files: the same bytes, whatever the folder's name.
     * Opens the model, and waits until the node has read all of its files.
     *
     * @throws IOException where it cannot be opened, or the sha256 is not there in time
     */
    String sha256(String embedding) throws IOException, InterruptedException {
        JsonObject text = new JsonObject();
        text.addProperty("model", embedding);
        text.addProperty("input", "a");
        send("POST", "_qwen3/v1/embeddings", text.toString());
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            String sha256 = knownSha256(embedding);
            if (sha256 != null) {
                return sha256;
            }
            Thread.sleep(100);
        }
        throw new IOException("the node does not say what model [" + embedding + "] is made of");
    }

    /**
     * Opens a reranker, so that its first search is as fast as the others.
     *
     * @throws IOException where it cannot be opened
     */
    void open(String reranker) throws IOException, InterruptedException {
        JsonArray documents = new JsonArray();
        documents.add("a");
        JsonObject pair = new JsonObject();
        pair.addProperty("model", reranker);
        pair.addProperty("query", "a");
        pair.add("documents", documents);
        send("POST", "_qwen3/v1/rerank", pair.toString());
    }

    /** Asking begins the work; null until it is done. */
    private String knownSha256(String embedding) throws IOException, InterruptedException {
        JsonObject nodes = send("GET", "_qwen3/models", null).getAsJsonObject("nodes");
        for (String node : nodes.keySet()) {
            for (JsonElement each : nodes.getAsJsonObject(node).getAsJsonArray("models")) {
                JsonObject model = each.getAsJsonObject();
                if (model.get("model_id").getAsString().equals(embedding) && model.has("sha256")) {
                    return model.get("sha256").getAsString();
                }
            }
        }
        return null;
    }

    private static String brief(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.substring(0, Math.min(600, line.length()));
    }
}
