package io.github.qwen3retrieval.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;

/**
 * HTTP to a hub. Redirects are followed by hand: to https or to the hub itself only, the user's
 * token to the hub alone.
 */
final class Connection implements AutoCloseable {

    /**
     * The beginning of an answer.
     *
     * @param start offset of the first byte of the body in the file
     * @param sha256 what the hub's headers say the whole file hashes to, or null
     */
    record Answer(InputStream body, long start, long length, String sha256) {}

    private static final int MAX_REDIRECTS = 10;

    private final URI hub;
    private final Duration stall;
    private final String token;
    private final HttpClient client;

    /**
     * @param hub the address that the user named
     * @param stall how long an answer may take to begin
     * @param token sent to the hub as proof of who asks, or null
     */
    Connection(URI hub, Duration stall, String token) {
        this.hub = hub;
        this.stall = stall;
        this.token = token;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(stall)
                        .build();
    }

    /**
     * Asks for a file from an offset on; the server may begin at 0 all the same.
     *
     * @throws HttpStatusException if the answer is not the file
     */
    Answer get(URI uri, long offset) throws IOException, InterruptedException {
        String sha256 = null;
        URI next = uri;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response =
                    client.send(request(next, offset), HttpResponse.BodyHandlers.ofInputStream());
            sha256 = sha256 == null ? sha256(response) : sha256;
            int status = response.statusCode();
            if (status == 200 || status == 206) {
                return answer(response, sha256);
            }
            response.body().close();
            if (status < 300 || status > 399 || status == 304) {
                throw new HttpStatusException(next, status, retryAfter(response));
            }
            next = redirect(next, response);
        }
        throw new HubException("[" + uri + "] is redirected more than " + MAX_REDIRECTS + " times");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest request(URI uri, long offset) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(stall).header("User-Agent", "qwen3-retrieval");
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        if (token != null && isHub(uri)) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private static Answer answer(HttpResponse<InputStream> response, String sha256)
            throws IOException {
        long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        long start = response.statusCode() == 206 ? rangeStart(response) : 0;
        return new Answer(response.body(), start, length, sha256);
    }

    private static long rangeStart(HttpResponse<InputStream> response) throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (range.matches("bytes [0-9]{1,18}-.*") == false) {
            response.body().close();
            throw new IOException("answer 206 with the range [" + range + "]");
        }
        return Long.parseLong(range.substring("bytes ".length(), range.indexOf('-')));
    }

    private URI redirect(URI from, HttpResponse<InputStream> response) throws HubException {
        String location = response.headers().firstValue("Location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HubException("[" + from + "] redirects to [" + location + "]", e);
        }
        if (location.isEmpty() || ("https".equals(to.getScheme()) || isHub(to)) == false) {
            throw new HubException(
                    "["
                            + from
                            + "] redirects to ["
                            + location
                            + "], which is neither https nor the hub named");
        }
        return to;
    }

    private boolean isHub(URI uri) {
        return Objects.equals(hub.getScheme(), uri.getScheme())
                && Objects.equals(hub.getHost(), uri.getHost())
                && hub.getPort() == uri.getPort();
    }

    /**
     * Hugging Face names a large file's SHA-256 in the redirect that leads to it. A plain ETag is
     * no such thing: storage servers put hashes of their own there, some as long.
     */
    private static String sha256(HttpResponse<InputStream> response) {
        String text = response.headers().firstValue("X-Linked-ETag").orElse("").replace("\"", "");
        return Checksum.isSha256(text) ? text : null;
    }

    private static Duration retryAfter(HttpResponse<InputStream> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
    }
}
