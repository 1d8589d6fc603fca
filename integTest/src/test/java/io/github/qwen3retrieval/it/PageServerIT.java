package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.demo.PageServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page's server hands on to the node, and what it does not. */
@ExtendWith(SharedNode.class)
class PageServerIT {

    private static final String JSON = "Content-Type: application/json\r\n";
    private static PageServer server;
    private static String index;

    @BeforeAll
    static void start(RealNode node) throws Exception {
        var collections = DemoPage.ingest(node);
        index = collections.getFirst().index();
        server = DemoPage.serve(DemoPage.url(node), collections, Path.of("not-built"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void handsOnSearchesOfTheDemosIndices() throws Exception {
        String answer = send("POST /" + index + "/_search", "127.0.0.1:1", JSON, "{\"size\":1}");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("\"hits\":[{"), answer);
        String wrong = send("POST /" + index + "/_search", "localhost", JSON, "{\"sise\":1}");
        assertTrue(wrong.startsWith("HTTP/1.1 400 "), wrong);
        assertTrue(wrong.contains("sise"), wrong);
    }

    @Test
    void handsOnNothingElse() throws Exception {
        for (String request :
                new String[] {
                    "POST /" + index + "/_bulk",
                    "POST /" + index + "/_delete_by_query",
                    "POST /_search",
                    "POST /*/_search",
                    "POST /other/_search",
                    "POST /" + index + "/../other/_search",
                    "DELETE /" + index,
                    "PUT /" + index + "/_search"
                }) {
            assertEquals(405, status(send(request, "127.0.0.1", JSON, "{}")), request);
        }
        for (String path : new String[] {"/../page.json", "/%2e%2e/demo", "/_cluster/health"}) {
            assertEquals(404, status(send("GET " + path, "127.0.0.1", "", "")), path);
        }
    }

    /** A page of another site can neither reach it by a name of its own nor send it JSON. */
    @Test
    void answersNoOtherSite() throws Exception {
        String path = "POST /" + index + "/_search";
        assertEquals(421, status(send(path, "rebound.example:8200", JSON, "{}")));
        assertEquals(421, status(send("GET /", "127.0.0.1.rebound.example", "", "")));
        assertEquals(415, status(send(path, "127.0.0.1", "Content-Type: text/plain\r\n", "{}")));
        String asked =
                send(
                        "OPTIONS /" + index + "/_search",
                        "127.0.0.1",
                        "Origin: http://rebound.example\r\n"
                                + "Access-Control-Request-Method: POST\r\n",
                        "");
        assertEquals(405, status(asked));
        assertFalse(asked.toLowerCase(Locale.ROOT).contains("access-control"), asked);
    }

    @Test
    void boundsWhatItReads() throws Exception {
        String long64 = "{\"query\":\"" + "a".repeat(64 * 1024) + "\"}";
        String answer = send("POST /" + index + "/_search", "127.0.0.1", JSON, long64);
        assertEquals(413, status(answer));
    }

    @Test
    void saysHowTheExampleOfSearchUiIsBuilt() throws Exception {
        String answer = send("GET /search-ui/", "127.0.0.1", "", "");
        assertEquals(404, status(answer));
        assertTrue(answer.contains("integTest/demo/search-ui"), answer);
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    /** A request as it goes over the wire, and all of the answer. */
    private static String send(String line, String host, String headers, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                Template.fill(
                        "%s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n",
                        line, host, headers, bytes.length);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
