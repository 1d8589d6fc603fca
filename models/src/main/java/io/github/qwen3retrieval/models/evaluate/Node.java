package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * HTTP to one node of Elasticsearch. What the node refuses for want of room, and lost connections,
 * are tried again with growing pauses, {@value #TRIES} times in all.
 */
public final class Node implements AutoCloseable {

    private static final int TRIES = 6;
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);
    private static final int LONGEST_REASON = 400;

    private final URI url;
    private final String authorization;
    private final Duration timeout;
    private final HttpClient http;
    private boolean reached;

    /**
     * A node that has not been asked yet.
     *
     * @param url its base URL
     * @param authorization value of the header of that name, or null
     * @param timeout of one request
     * @throws IllegalArgumentException if the URL is none
     */
    public Node(String url, String authorization, Duration timeout) {
        this.url = parse(url);
        this.authorization = authorization;
        this.timeout = timeout;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
    }

    /**
     * An answer.
     *
     * @param millis from sending the request to having read the answer, of the try that succeeded
     */
    record Reply(JsonObject body, double millis) {}

    /** The answer to a GET. */
    JsonObject get(String path) throws IOException, InterruptedException {
        return send("GET", path, null).body();
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param path below the base URL, without a slash before it
     * @param body JSON, lines of JSON, or null
     * @throws NodeRefusedException if the node answers with an error
     * @throws SearchFailedException if it does not answer in time
     * @throws IOException if there is no connection
     */
    Reply send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(method, path, body);
        long pause = FIRST_PAUSE_MILLIS;
        for (int tries = 1; ; tries++) {
            try {
                long started = System.nanoTime();
                HttpResponse<String> response =
                        http.send(request, HttpResponse.BodyHandlers.ofString());
                double millis = (System.nanoTime() - started) / 1e6;
                reached = true;
                if (response.statusCode() < 300) {
                    return new Reply(object(response.body()), millis);
                }
                if (BUSY.contains(response.statusCode()) == false || tries == TRIES) {
                    throw refused(response);
                }
                Thread.sleep(Math.max(pause, retryAfter(response)));
            } catch (HttpTimeoutException e) {
                throw late(e);
            } catch (SearchFailedException e) {
                throw e;
            } catch (IOException e) {
                if (reached == false || tries == TRIES) {
                    throw unreachable(e);
                }
                Thread.sleep(pause);
            }
            pause *= 2;
        }
    }

    /** A name as a part of a path. */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    @Override
    public String toString() {
        return url.toString().replaceFirst("/$", "");
    }

    private static URI parse(String url) {
        try {
            URI uri = URI.create(url.endsWith("/") ? url : url + "/");
            if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "[--node] must be a URL like [http://localhost:9200], got [" + url + "]");
    }

    private HttpRequest request(String method, String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(timeout)
                        .header("User-Agent", "qwen3-retrieval")
                        .header("Content-Type", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private JsonObject object(String text) throws IOException {
        try {
            JsonElement json = JsonParser.parseString(text);
            if (json.isJsonObject()) {
                return json.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            // said below
        }
        throw new SearchFailedException(
                "[--node] ["
                        + this
                        + "] answered with no JSON object but ["
                        + clipped(text)
                        + "]: is it Elasticsearch?");
    }

    private static NodeRefusedException refused(HttpResponse<String> response) {
        return new NodeRefusedException(response.statusCode(), reason(response.body()));
    }

    /** The first reason of an error, as a user reads it. */
    private static String reason(String body) {
        try {
            JsonElement error = JsonParser.parseString(body).getAsJsonObject().get("error");
            if (error.isJsonPrimitive()) {
                return clipped(error.getAsString());
            }
            JsonObject first = error.getAsJsonObject();
            if (first.has("root_cause") && first.getAsJsonArray("root_cause").size() > 0) {
                first = first.getAsJsonArray("root_cause").get(0).getAsJsonObject();
            }
            return clipped(first.get("reason").getAsString());
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException e) {
            return clipped(body);
        }
    }

    private static String clipped(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }

    private static long retryAfter(HttpResponse<String> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("\\d{1,3}")
                ? Math.min(LONGEST_PAUSE_MILLIS, 1000 * Long.parseLong(seconds))
                : 0;
    }

    private IOException late(HttpTimeoutException e) {
        if (reached) {
            return new SearchFailedException(
                    "no answer within [" + timeout.toSeconds() + "] s: raise [--timeout]");
        }
        return unreachable(e);
    }

    private IOException unreachable(IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new IOException(
                "[--node] ["
                        + this
                        + "] cannot be reached ("
                        + why
                        + "): "
                        + (reached
                                ? "what was answered is kept; run the same command again when it is"
                                        + " back"
                                : "is it running, and is that its HTTP port?"),
                e);
    }
}
