package io.github.qwen3retrieval.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String BUSY =
            "{\"error\": {\"reason\": \"tokens wait\"}, \"status\": 429}";

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 0})
    void whatHasNoRoomOrHangsUpIsAskedAgain(int status) throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedNode server =
                        new ScriptedNode(
                                request ->
                                        count.incrementAndGet() == 2
                                                ? new ScriptedNode.Answer(status, BUSY)
                                                : new ScriptedNode.Answer(200, "{\"a\": 1}"));
                Node node = new Node(server.url(), "ApiKey x", LONG)) {
            node.get("first");
            assertEquals(1, node.get("second").get("a").getAsInt());
            assertEquals(3, server.received().size());
            assertEquals("ApiKey x", server.received().get(2).authorization());
        }
    }

    @Test
    void anErrorIsItsReason() throws Exception {
        String body =
                """
                {"error": {"root_cause": [{"type": "x", "reason": "[model_id] [a]\\n is no model"}],
                 "reason": "all shards failed"}, "status": 400}
                """;
        try (ScriptedNode server = new ScriptedNode(request -> new ScriptedNode.Answer(400, body));
                Node node = new Node(server.url(), null, LONG)) {
            IOException e = assertThrows(SearchFailedException.class, () -> node.get("x"));
            assertEquals("status [400]: [model_id] [a] is no model", e.getMessage());
            assertEquals(1, server.received().size());
        }
    }

    @Test
    void whatIsNotElasticsearchIsSaidToBeNone() throws Exception {
        try (ScriptedNode server =
                        new ScriptedNode(request -> new ScriptedNode.Answer(200, "<html>"));
                Node node = new Node(server.url(), null, LONG)) {
            IOException e = assertThrows(SearchFailedException.class, () -> node.get("x"));
            assertTrue(e.getMessage().endsWith("[<html>]: is it Elasticsearch?"), e.getMessage());
        }
    }

    @Test
    void aNodeThatIsNotThereIsNamed() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (Node node = new Node("http://127.0.0.1:" + port, null, LONG)) {
            IOException e = assertThrows(IOException.class, () -> node.get("x"));
            assertEquals(
                    "[--node] [http://127.0.0.1:"
                            + port
                            + "] cannot be reached (ConnectException): is it running, and is that"
                            + " its HTTP port?",
                    e.getMessage());
        }
    }

    @Test
    void anAnswerThatDoesNotComeFailsTheSearchAlone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        try (ScriptedNode server =
                        new ScriptedNode(
                                request -> {
                                    if (count.incrementAndGet() == 2) {
                                        end.await();
                                    }
                                    return new ScriptedNode.Answer(200, "{}");
                                });
                Node node = new Node(server.url(), null, Duration.ofSeconds(1))) {
            node.get("first");
            IOException e = assertThrows(SearchFailedException.class, () -> node.get("second"));
            assertEquals("no answer within [1] s: raise [--timeout]", e.getMessage());
            node.get("third");
            end.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9200", "ftp://a", "http://", "a b", "9200"})
    void whatIsNoUrlIsRefused(String url) {
        String why =
                assertThrows(IllegalArgumentException.class, () -> new Node(url, null, LONG))
                        .getMessage();
        assertEquals("[--node] must be a URL like [http://localhost:9200], got [" + url + "]", why);
    }
}
