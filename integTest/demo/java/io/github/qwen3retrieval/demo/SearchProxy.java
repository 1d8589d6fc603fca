package io.github.qwen3retrieval.demo;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * Hands searches on to the node, and nothing else: {@code POST /<index>/_search} on the demo's own
 * indices. So the page is of one origin with what it asks, and the node needs no CORS.
 */
@UsesJdkHttpServer
final class SearchProxy {

    private static final int LONGEST_BODY = 64 * 1024;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI node;
    private final Set<String> indices;

    SearchProxy(URI node, Set<String> indices) {
        this.node = node;
        this.indices = indices;
    }

    /** Whether a path is that of a search that is handed on. */
    boolean takes(String path) {
        String[] parts = path.split("/", -1);
        return parts.length == 3 && indices.contains(parts[1]) && parts[2].equals("_search");
    }

    /** Answers a search with what the node says of it. */
    void handle(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        // a page of another origin cannot send this type without asking first, and is not answered
        if (type == null || !type.startsWith("application/json")) {
            fail(exchange, 415, "a search must be sent as application/json");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            fail(exchange, 413, "a search must have at most [" + LONGEST_BODY + "] bytes");
            return;
        }
        HttpRequest request =
                HttpRequest.newBuilder(node.resolve(exchange.getRequestURI().getPath()))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        try {
            HttpResponse<byte[]> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            // where reranking kept the first-stage order, the node says so here
            answer.headers()
                    .allValues("Warning")
                    .forEach(warning -> exchange.getResponseHeaders().add("Warning", warning));
            PageServer.send(exchange, answer.statusCode(), "application/json", answer.body());
        } catch (IOException e) {
            fail(exchange, 502, "the node at [" + node + "] does not answer: run ./demo again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(exchange, 502, "the page's server is stopping");
        }
    }

    /** Answers with an error in Elasticsearch's form. */
    private static void fail(HttpExchange exchange, int status, String reason) throws IOException {
        JsonObject error = new JsonObject();
        error.addProperty("type", "search_page");
        error.addProperty("reason", reason);
        JsonObject body = new JsonObject();
        body.add("error", error);
        body.addProperty("status", status);
        PageServer.send(
                exchange,
                status,
                "application/json",
                body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
