package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The node as an endpoint, to the letter of what it answers. */
@ExtendWith(SharedNode.class)
class EndpointFormatIT {

    private static final String EMBEDDINGS = "_qwen3/v1/embeddings";
    private static final String RERANK = "_qwen3/v1/rerank";

    private final RealNode node;
    private final NodeClient client;

    EndpointFormatIT(RealNode node) {
        this.node = node;
        client = node.client();
    }

    @Test
    void rerankAnswersTheBestFirst() throws Exception {
        ObjectNode body = rerank();
        body.put("top_n", 3).put("return_documents", true).put("max_tokens_per_doc", 4096);
        JsonNode answer = client.post(RERANK, body.toString()).ok().body();
        List<Double> scores =
                new CommandLine(node.installation())
                        .rerank(Articles.TEXTS, "--query", Articles.QUERY);
        List<Integer> best =
                IntStream.range(0, scores.size())
                        .boxed()
                        .sorted(Comparator.comparing(scores::get).reversed())
                        .limit(3)
                        .toList();
        assertEquals(TestModels.RERANKER, answer.get("model").asText());
        assertFalse(answer.get("id").asText().isEmpty());
        assertEquals(3, answer.get("results").size());
        for (int i = 0; i < 3; i++) {
            JsonNode result = answer.get("results").get(i);
            int index = best.get(i);
            double score = result.get("relevance_score").asDouble();
            assertEquals(index, result.get("index").asInt());
            assertEquals(scores.get(index), score, 1e-5);
            assertEquals(score, 1 / (1 + Math.exp(-result.get("logit").asDouble())), 1e-6);
            assertEquals(Articles.TEXTS.get(index), result.at("/document/text").asText());
        }
        long tokens = answer.at("/usage/total_tokens").asLong();
        assertTrue(tokens > 50L * Articles.TEXTS.size(), "every document counts: " + tokens);
        assertEquals(tokens, answer.at("/meta/tokens/input_tokens").asLong());
    }

    @Test
    void rerankTakesDocumentsAsObjects() throws Exception {
        ObjectNode texts = rerank();
        ObjectNode objects = rerank();
        objects.remove("model");
        var documents = objects.putArray("documents");
        Articles.TEXTS.forEach(text -> documents.addObject().put("text", text));
        assertEquals(
                client.post(RERANK, texts.toString()).ok().body().get("results"),
                client.post(RERANK, objects.toString()).ok().body().get("results"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"input\": \"a\"}|model|is required",
                "{\"model\": \" \", \"input\": \"a\"}|model|not blank",
                "{\"model\": \"MODEL\"}|input|is required",
                "{\"model\": \"MODEL\", \"input\": []}|input|at least one text",
                "{\"model\": \"MODEL\", \"input\": {\"text\": \"a\"}}|input|at least one text",
                "{\"model\": \"MODEL\", \"input\": [\"a\", null]}|input|place [1] [null]",
                "{\"model\": \"MODEL\", \"input\": [[1, 2], [3]]}|input|send the text",
                "{\"model\": \"MODEL\", \"input\": \"a\", \"dimensions\": 31}|dimensions|[32]",
                "{\"model\": \"MODEL\", \"input\": \"a\", \"dimensions\": 32.5}|dimensions|[32.5]",
                "{\"model\": \"MODEL\", \"input\": \"a\", \"encoding_format\": \"hex\"}"
                        + "|encoding_format|[float, base64]",
                "{\"model\": \"MODEL\", \"input\": \"a\", \"input_type\": \"clustering\"}"
                        + "|input_type|[document, query, search_document, search_query]",
                "{\"model\": \"MODEL\", \"input\": \"a\", \"inputs\": 1}|inputs|it knows",
            })
    void wrongEmbeddingsAreToldOf(String body, String param, String words) throws Exception {
        assertWrong(EMBEDDINGS, body.replace("MODEL", TestModels.EMBEDDING), param, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"documents\": [\"a\"]}|query|is required",
                "{\"query\": \"a\"}|documents|is required",
                "{\"query\": \"a\", \"documents\": \"b\"}|documents|array",
                "{\"query\": \"a\", \"documents\": [1]}|documents|place [0] [1]",
                "{\"query\": \"a\", \"documents\": [{\"text\": \"b\", \"image\": \"c\"}]}"
                        + "|documents|[text] alone",
                "{\"query\": \"a\", \"documents\": [\"b\"], \"top_n\": 0}|top_n|at least [1]",
                "{\"query\": \"a\", \"documents\": [\"b\"], \"return_documents\": 1}"
                        + "|return_documents|[true] or [false]",
                "{\"query\": \"a\", \"documents\": [\"b\"], \"rank_fields\": []}"
                        + "|rank_fields|it knows",
            })
    void wrongRerankingIsToldOf(String body, String param, String words) throws Exception {
        assertWrong(RERANK, body, param, words);
    }

    private void assertWrong(String path, String body, String param, String words)
            throws Exception {
        NodeClient.Answer answer = client.post(path, body);
        assertEquals(400, answer.status(), answer.toString());
        JsonNode error = answer.body().get("error");
        assertEquals("invalid_request_error", error.get("type").asText());
        assertEquals(param, error.get("param").asText());
        assertTrue(error.get("message").asText().startsWith("[" + param + "] "), body);
        assertTrue(error.get("message").asText().contains(words), answer.toString());
    }

    @Test
    void whatIsNoJsonObjectIsToldOf() throws Exception {
        for (String body : List.of("[]", "{\"model\":", "{} {}", "7", "{\"a\":1,\"a\":2}")) {
            NodeClient.Answer answer = client.post(EMBEDDINGS, body);
            assertEquals(400, answer.status(), answer.toString());
            assertTrue(answer.body().at("/error/message").isTextual(), answer.toString());
        }
        assertEquals(400, client.post(EMBEDDINGS, null).status());
    }

    @Test
    void inputsAreCounted() throws Exception {
        ObjectNode body = Articles.JSON.createObjectNode().put("model", TestModels.EMBEDDING);
        var input = body.putArray("input");
        Collections.nCopies(2049, "a").forEach(input::add);
        assertWrong(EMBEDDINGS, body.toString(), "input", "at most [2048] items, got [2049]");
        input.remove(0);
        assertEquals(2048, client.post(EMBEDDINGS, body.toString()).ok().body().get("data").size());
    }

    @Test
    void aModelOfTheOtherKindIsAWrongRequest() throws Exception {
        ObjectNode body = rerank().put("model", TestModels.EMBEDDING);
        NodeClient.Answer answer = client.post(RERANK, body.toString());
        assertEquals(400, answer.status());
        assertTrue(answer.body().at("/error/message").asText().contains("of kind [embedding]"));
    }

    /** Hanging up cancels: what nobody waits for is not computed. */
    @Test
    void hangingUpCancels() throws Exception {
        long before = cancelled();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            texts.add("text " + i + " " + "of some words ".repeat(200));
        }
        ObjectNode body = Articles.JSON.createObjectNode().put("model", TestModels.EMBEDDING);
        texts.forEach(body.putArray("input")::add);
        byte[] content = body.toString().getBytes(StandardCharsets.UTF_8);
        String[] address = node.httpAddress().split(":");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
            String head =
                    "POST /"
                            + EMBEDDINGS
                            + " HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
                            + "Content-Length: "
                            + content.length
                            + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            long end = System.nanoTime() + 60_000_000_000L;
            while (running() == 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertEquals(1, running());
        }
        long end = System.nanoTime() + 60_000_000_000L;
        while (cancelled() == before && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertEquals(before + 1, cancelled());
    }

    private int running() throws Exception {
        JsonNode tasks =
                client.get("_tasks?group_by=none&actions=cluster:monitor/qwen3/inference")
                        .ok()
                        .body();
        return tasks.get("tasks").size();
    }

    private long cancelled() throws Exception {
        return client.get("_qwen3/stats").ok().body().findValue("cancelled").asLong();
    }

    private static ObjectNode rerank() {
        ObjectNode body =
                Articles.JSON
                        .createObjectNode()
                        .put("model", TestModels.RERANKER)
                        .put("query", Articles.QUERY);
        Articles.TEXTS.forEach(body.putArray("documents")::add);
        return body;
    }
}
