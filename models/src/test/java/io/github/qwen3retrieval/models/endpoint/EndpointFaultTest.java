package io.github.qwen3retrieval.models.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.ModelUnavailableException;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import io.github.qwen3retrieval.models.endpoint.TestService.Behaviour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that is slow, wrong, busy, broken or gone. */
class EndpointFaultTest extends EndpointTestCase {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** Answers with the right answer's JSON, changed. */
    private static Behaviour changed(UnaryOperator<String> change) {
        return request ->
                request.send(200, "", change.apply(TestService.wellSaid(request).toString()));
    }

    private static Behaviour status(int status, String headers, String body) {
        return request -> request.send(status, headers, body);
    }

    /** The first requests badly, the later ones well. */
    private static Behaviour first(int bad, Behaviour badly) {
        AtomicInteger requests = new AtomicInteger();
        return request -> {
            if (requests.getAndIncrement() < bad) {
                badly.answer(request);
            } else {
                TestService.well(request);
            }
        };
    }

    @Test
    void vectorsOfAnotherSizeAreRefused() {
        service.behave(
                request ->
                        request.send(
                                200,
                                "",
                                TestService.answer(
                                                "data",
                                                1,
                                                i -> TestService.embedding(i, new float[63]))
                                        .toString()));
        String message = failure(ModelException.class, embed("a")).getMessage();
        assertTrue(message.contains("must answer vectors of [64] numbers"), message);
        assertTrue(message.contains("got one of [63]"), message);
        assertEquals(1, service.received().size(), "asking again would not help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"data\": 7}",
                "{\"data\": []}",
                "{\"data\": [7, 8]}",
                "{\"data\": [{\"index\": 0}, {\"index\": 1}]}",
                "{\"data\": [{\"index\": 0, \"embedding\": \"AAAA\"}, {\"index\": 1}]}",
                "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1}]} trailing",
            })
    void whatIsNoAnswerIsRefused(String body) {
        service.behave(status(200, "", body));
        assertTrue(failure(ModelException.class, embed("a", "b")).getMessage().contains("[e]"));
        failure(ModelException.class, rerank(null, "a", "b"));
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        for (String number : List.of("NaN", "1e999", "-1e999", "null", "\"x\"", "[]")) {
            service.behave(
                    changed(json -> json.replaceFirst("\\[-?[0-9.E-]+,", "[" + number + ",")));
            failure(ModelException.class, embed("a"));
            service.behave(
                    changed(json -> json.replaceFirst("_score\":[^}]*", "_score\":" + number)));
            failure(ModelException.class, rerank(null, "a"));
        }
        for (String number : List.of("1.01", "-0.01")) {
            service.behave(
                    changed(json -> json.replaceFirst("_score\":[^}]*", "_score\":" + number)));
            String message = failure(ModelException.class, rerank(null, "a")).getMessage();
            assertTrue(message.contains("between [0] and [1]"), message);
        }
    }

    @Test
    void anAnswerForEveryTextOnce() {
        for (String index : List.of("0", "2", "-1", "0.5")) {
            service.behave(changed(json -> json.replace("\"index\":1", "\"index\":" + index)));
            failure(ModelException.class, embed("a", "b"));
            failure(ModelException.class, rerank(null, "a", "b"));
        }
    }

    @Test
    void hugeAnswersAreCutShort() {
        service.behave(
                request -> {
                    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\": \"";
                    request.socket()
                            .getOutputStream()
                            .write(head.getBytes(StandardCharsets.US_ASCII));
                    byte[] block = new byte[1 << 16];
                    while (true) {
                        request.socket().getOutputStream().write(block);
                    }
                });
        String message = failure(ModelException.class, embed("a")).getMessage();
        assertTrue(message.contains("answered with more than"), message);
    }

    @Test
    void halfAnAnswerIsAskedForAgain() throws Exception {
        service.behave(
                first(
                        2,
                        request -> {
                            String half =
                                    "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\"";
                            request.socket()
                                    .getOutputStream()
                                    .write(half.getBytes(StandardCharsets.US_ASCII));
                        }));
        assertEquals(1, get(embed("a")).size());
        assertEquals(3, stats("e").requests());
        assertEquals(2, stats("e").retries());
        assertEquals(0, stats("e").failures());
    }

    @Test
    void serverErrorsAreAskedForAgain() throws Exception {
        service.behave(first(3, status(500, "", "")));
        assertEquals(1, get(embed("a")).size());
        assertEquals(4, service.received().size());
        service.behave(status(503, "", ""));
        String message = failure(ModelUnavailableException.class, rerank(null, "a")).getMessage();
        assertTrue(message.contains("answered with status [503]"), message);
        assertEquals(4, stats("r").requests(), "the first and three more");
        assertEquals(1, stats("r").failures());
    }

    @Test
    void patienceAskedForIsKept() throws Exception {
        service.behave(first(1, status(429, "Retry-After: 1\r\n", "")));
        long start = System.nanoTime();
        assertEquals(1, get(embed("a")).size());
        assertTrue(System.nanoTime() - start >= 1_000_000_000L, "it said one second");
        service.behave(status(429, "Retry-After: 3600\r\n", ""));
        String message = failure(RejectedExecutionException.class, embed("a")).getMessage();
        assertTrue(message.contains("too busy"), message);
        assertEquals(3, service.received().size(), "nobody waits an hour");
        assertFalse(stats("e").circuitOpen(), "it answers");
    }

    @Test
    void refusalsSayWhyAndNeverTheKey() {
        service.behave(
                status(
                        401,
                        "",
                        "{\"error\": {\"message\": \"Incorrect API key: " + KEY + "\\nsorry\"}}"));
        String message = failure(ModelException.class, embed("a")).getMessage();
        assertTrue(message.contains("status [401]: Incorrect API key: [key] sorry"), message);
        assertTrue(message.contains("check [qwen3.endpoint.e.api_key]"), message);
        assertFalse(message.contains(KEY), message);
        assertEquals(1, service.received().size());
        assertFalse(endpoints.list().toString().contains(KEY));
        service.behave(status(302, "Location: http://127.0.0.1:1/\r\n", ""));
        message = failure(ModelException.class, embed("a")).getMessage();
        assertTrue(message.contains("redirects are not followed"), message);
    }

    @Test
    void aServiceThatHangsIsGivenUp() throws Exception {
        set(Prompts.PLUGIN, 3, Duration.ofMillis(300));
        CountDownLatch hungUp = new CountDownLatch(1);
        service.behave(
                request -> {
                    request.awaitHangUp();
                    hungUp.countDown();
                });
        String message = failure(ModelUnavailableException.class, embed("a")).getMessage();
        assertTrue(message.contains("did not answer within [300ms]"), message);
        hungUp.await();
        service.behave(
                request -> {
                    // begins to answer, and never ends
                    String head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{";
                    request.socket()
                            .getOutputStream()
                            .write(head.getBytes(StandardCharsets.US_ASCII));
                    request.awaitHangUp();
                });
        failure(ModelUnavailableException.class, rerank(null, "a"));
    }

    @Test
    void cancellingHangsUpAndSkipsWhatWaits() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch hungUp = new CountDownLatch(2);
        service.behave(
                request -> {
                    arrived.countDown();
                    request.awaitHangUp();
                    hungUp.countDown();
                });
        CompletableFuture<List<Embedding>> running =
                embed(IntStream.range(0, 30).mapToObj(i -> "t" + i).toArray(String[]::new));
        arrived.await();
        running.cancel(true);
        hungUp.await();
        service.behave(TestService::well);
        assertEquals(1, get(embed("a")).size());
        assertEquals(3, service.received().size(), "the last ten were never sent");
        assertEquals(0, stats("e").waiting());
        assertEquals(0, stats("e").failures());
    }

    @Test
    void whatIsScoredInTimeIsKept() throws Exception {
        String[] documents = IntStream.range(0, 25).mapToObj(i -> "d" + i).toArray(String[]::new);
        service.behave(
                request -> {
                    if (request.texts().getFirst().contains("d0<")) {
                        TestService.well(request);
                    } else {
                        request.awaitHangUp();
                    }
                });
        RerankResponse response = get(rerank(Duration.ofSeconds(2), documents));
        assertEquals(25, response.scores().size());
        assertFalse(response.complete());
        assertTrue(response.scores().get(9) != null);
        assertNull(response.scores().get(10));
        assertNull(response.scores().get(24));
    }

    @Test
    void theCircuitOpensAndCloses() throws Exception {
        set(Prompts.PLUGIN, 1, LONG);
        service.behave(status(500, "", ""));
        for (int i = 0; i < 3; i++) {
            failure(ModelUnavailableException.class, embed("a"));
        }
        int sent = service.received().size();
        assertEquals(Circuit.FAILURES, sent);
        assertTrue(stats("e").circuitOpen());
        String message =
                failure(ModelUnavailableException.class, embed("secret text")).getMessage();
        assertEquals(sent, service.received().size(), "nothing is sent");
        assertTrue(message.contains("[e]") && message.contains("status [500]"), message);
        assertFalse(message.contains(KEY) || message.contains("secret"), message);
        assertEquals("circuit_open", endpoints.list().getFirst().state());
        assertTrue(endpoints.list().getFirst().error().contains("status [500]"));

        Thread.sleep(Circuit.PAUSE.toMillis() + 100);
        failure(ModelUnavailableException.class, embed("a"));
        assertEquals(sent + 1, service.received().size(), "one goes to see");
        assertTrue(stats("e").circuitOpen());

        service.behave(TestService::well);
        Thread.sleep(Circuit.PAUSE.toMillis() + 100);
        assertEquals(1, get(embed("a")).size());
        assertFalse(stats("e").circuitOpen());
        assertEquals("remote", endpoints.list().getFirst().state());
    }

    @Test
    void whoIsGoneIsTriedAgain() throws Exception {
        service.close();
        CompletableFuture<List<Embedding>> future = embed("a");
        await(() -> stats("e").retries() > 0);
        service = new TestService(service.port());
        assertEquals(1, get(future).size());
    }

    @Test
    void onlySoManyTextsWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        service.behave(
                request -> {
                    go.await();
                    TestService.well(request);
                });
        String[] half = Collections.nCopies(TextQueue.MAX_TEXTS / 2, "a").toArray(String[]::new);
        List<CompletableFuture<List<Embedding>>> taken = new ArrayList<>();
        taken.add(embed(half));
        taken.add(embed(half));
        String message = failure(RejectedExecutionException.class, embed(half)).getMessage();
        assertTrue(message.contains("texts of"), message);
        assertEquals(1, stats("e").rejected());
        taken.getFirst().cancel(true);
        CompletableFuture<List<Embedding>> instead = embed(half);
        assertFalse(instead.isDone(), "what is given up makes room");
        taken.add(instead);
        taken.forEach(future -> future.cancel(true));
        go.countDown();
        await(() -> stats("e").waiting() == 0);
    }

    @Test
    void closingFailsWhatWaits() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        service.behave(
                request -> {
                    arrived.countDown();
                    request.awaitHangUp();
                });
        CompletableFuture<List<Embedding>> future =
                embed(IntStream.range(0, 30).mapToObj(i -> "t" + i).toArray(String[]::new));
        arrived.await();
        endpoints.close();
        failure(ModelUnavailableException.class, future);
        failure(ModelUnavailableException.class, embed("a"));
    }

    @Test
    void deepAndLongJsonIsRefused() {
        JsonObject answer = new JsonObject();
        answer.addProperty("x", "y".repeat(100_000));
        service.behave(status(200, "", "[".repeat(100_000)));
        failure(ModelException.class, embed("a"));
        service.behave(status(200, "", answer.toString()));
        failure(ModelException.class, embed("a"));
    }
}
