package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Searches that would take long: they keep their deadline, and end when nobody listens. */
@ExtendWith(SharedNode.class)
class DeadlineIT {

    private static final int DOCUMENTS = 60;

    private final RealNode node;
    private final NodeClient client;

    DeadlineIT(RealNode node) {
        this.node = node;
        this.client = node.client();
    }

    /** Texts so long that a window of them takes the model many seconds. */
    @BeforeAll
    static void index(RealNode node) throws Exception {
        // equal ones would be scored once
        List<String> texts =
                IntStream.range(0, DOCUMENTS).mapToObj(i -> i + " glacier".repeat(7000)).toList();
        node.client()
                .put(
                        "long",
                        """
                        { "settings": { "number_of_shards": 1, "number_of_replicas": 0 } }
                        """)
                .ok();
        Articles.bulk(node.client(), "long", texts);
        // opens the model, which is no part of the times below
        node.client().post("long/_search", rescore("\"max_length\": 200")).ok();
    }

    @Test
    void whatIsNotScoredInTimeKeepsItsOrder() throws Exception {
        for (String body :
                List.of(rescore("\"timeout\": \"300ms\""), retriever("\"timeout\": \"300ms\""))) {
            long start = System.nanoTime();
            Hits hits = Hits.of(client.post("long/_search", body));
            assertTrue(seconds(start) < 5, "took " + seconds(start) + " s");
            assertEquals(DOCUMENTS, hits.hits().size());
            List<Double> scores = hits.hits().stream().map(Hits.Hit::score).toList();
            assertEquals(scores.stream().sorted(Collections.reverseOrder()).toList(), scores);
            assertTrue(scores.getLast() < 1e-20, scores.toString());
        }
        JsonNode stats = client.get("_qwen3/stats").ok().body().findValue("hits");
        assertTrue(stats.get("kept_by_timeout").asLong() > 0, stats.toString());
    }

    @Test
    void onFailureFailFailsTheSearch() throws Exception {
        NodeClient.Answer answer =
                client.post(
                        "long/_search",
                        rescore("\"timeout\": \"200ms\", \"on_failure\": \"fail\""));
        assertEquals(408, answer.status(), answer.body().toString());
        assertTrue(answer.body().toString().contains("[timeout]"));
    }

    @Test
    void theSearchesOwnTimeoutHolds() throws Exception {
        long start = System.nanoTime();
        JsonNode answer =
                client.post("long/_search?timeout=300ms", rescore("\"on_failure\": \"keep_order\""))
                        .ok()
                        .body();
        assertTrue(seconds(start) < 5, "took " + seconds(start) + " s");
        assertTrue(answer.get("timed_out").asBoolean(), answer.toString());
    }

    @Test
    void aClosedConnectionEndsTheWork() throws Exception {
        String body = rescore("\"query_text\": \"cancelled\"");
        String[] address = node.httpAddress().split(":");
        try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
            String request =
                    "POST /long/_search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            awaitSearches(true);
        }
        long start = System.nanoTime();
        awaitSearches(false);
        assertTrue(seconds(start) < 5, "went on for " + seconds(start) + " s");
        long end = System.nanoTime() + 5_000_000_000L;
        while (queue() > 0) {
            assertTrue(System.nanoTime() < end, "still waiting: " + queue());
            Thread.sleep(50);
        }
        assertFalse(node.log().contains("fatal"), node.logTail(40));
    }

    private void awaitSearches(boolean running) throws Exception {
        for (int i = 0; i < 200; i++) {
            JsonNode tasks = client.get("_tasks?actions=*search*&detailed").ok().body();
            if (tasks.findValues("action").isEmpty() != running) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("searches running should be " + running + node.logTail(40));
    }

    private long queue() throws IOException {
        return client.get("_qwen3/stats").ok().body().findValue("queue").get("tokens").asLong();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String parameters(String more) {
        String query = more.contains("query_text") ? "" : ", \"query_text\": \"ice\"";
        return "\"field\": \"body\", " + more + query;
    }

    private static String rescore(String more) {
        return Template.fill(
                """
        { "size": 60, "_source": false, "rescore": { "window_size": 60,
            "qwen3_reranker": { %s } } }
        """,
                parameters(more));
    }

    private static String retriever(String more) {
        return Template.fill(
                """
        { "size": 60, "_source": false, "retriever": { "qwen3_reranker": { %s,
            "rank_window_size": 60, "retriever": { "standard": {} } } } }
        """,
                parameters(more));
    }
}
