package io.github.qwen3retrieval.it;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest5_client.Rest5ClientTransport;
import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Response;
import co.elastic.clients.transport.rest5_client.low_level.ResponseException;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicHeader;

/** Elasticsearch's low-level and Java clients on one node. */
final class NodeClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rest5Client http;

    /**
     * @param address host and port
     * @param credentials {@code user:password}, or null where security is off
     */
    NodeClient(String address, String credentials) {
        var builder = Rest5Client.builder(URI.create("http://" + address));
        if (credentials != null) {
            byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
            String basic = "Basic " + Base64.getEncoder().encodeToString(bytes);
            builder.setDefaultHeaders(new Header[] {new BasicHeader("Authorization", basic)});
        }
        this.http = builder.build();
    }

    /**
     * What the node answered.
     *
     * @param status HTTP status
     * @param body parsed JSON, or a text
     */
    record Answer(int status, JsonNode body) {

        /** The first reason of an error, as a user reads it. */
        String reason() {
            return body.path("error").path("root_cause").path(0).path("reason").asText();
        }

        /** This answer, which must be a success. */
        Answer ok() {
            if (status >= 300) {
                throw new AssertionError("status [" + status + "]: " + body);
            }
            return this;
        }
    }

    /** The official Java client on the same connections. */
    ElasticsearchClient java() {
        return new ElasticsearchClient(new Rest5ClientTransport(http, new JacksonJsonpMapper()));
    }

    Answer get(String path) throws IOException {
        return send("GET", path, null);
    }

    Answer put(String path, String body) throws IOException {
        return send("PUT", path, body);
    }

    Answer post(String path, String body) throws IOException {
        return send("POST", path, body);
    }

    Answer delete(String path) throws IOException {
        return send("DELETE", path, null);
    }

    /** Sends a request; an error status is an answer, too. */
    Answer send(String method, String path, String body) throws IOException {
        Request request = new Request(method, path.startsWith("/") ? path : "/" + path);
        if (body != null) {
            request.setJsonEntity(body);
        }
        try {
            return answer(http.performRequest(request));
        } catch (ResponseException e) {
            return answer(e.getResponse());
        }
    }

    private static Answer answer(Response response) throws IOException {
        String text;
        try {
            text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
        } catch (org.apache.hc.core5.http.ParseException e) {
            throw new IOException(e);
        }
        boolean json = text.startsWith("{") || text.startsWith("[");
        return new Answer(
                response.getStatusCode(),
                json ? JSON.readTree(text) : JSON.getNodeFactory().textNode(text));
    }

    /** Waits until every shard is there. */
    void awaitGreen(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        String path = "_cluster/health?wait_for_status=green&timeout=" + limit.toSeconds() + "s";
        while (true) {
            Answer health = get(path);
            if (health.status() == 200 || System.nanoTime() > end) {
                health.ok();
                return;
            }
            Thread.sleep(200);
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
