package io.github.qwen3retrieval.models.endpoint;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The connections of a node to all its endpoints. Redirects are not followed: a key is for one. */
final class EndpointHttp implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final ExecutorService executor =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("qwen3-endpoint-", 1).factory());

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT)
                    .executor(executor)
                    .build();

    /** Where answers are read and given to their jobs. */
    ExecutorService executor() {
        return executor;
    }

    /**
     * Sends a request; cancelling the future ends it.
     *
     * @param authorization value of the header of that name, or null
     * @param maxBytes of the answer
     */
    CompletableFuture<HttpResponse<byte[]>> post(
            URI address, String authorization, String json, long maxBytes) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .header("User-Agent", "qwen3-retrieval")
                        .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return client.sendAsync(request.build(), head -> new BoundedBody(maxBytes));
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }
}
