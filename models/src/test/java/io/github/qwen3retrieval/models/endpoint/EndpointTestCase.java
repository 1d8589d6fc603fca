package io.github.qwen3retrieval.models.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An embedding endpoint {@code e} and a reranking endpoint {@code r} at a service. */
abstract class EndpointTestCase {

    static final String KEY = "sk-very-secret";
    private static final long LIMIT_SECONDS = 60;

    TestService service;
    Endpoints endpoints;

    @BeforeEach
    void start() throws Exception {
        service = new TestService();
        set(Prompts.PLUGIN, 3, Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() throws Exception {
        endpoints.close();
        service.close();
    }

    /** Takes other settings. */
    void set(Prompts prompts, int retries, Duration timeout) {
        if (endpoints != null) {
            endpoints.close();
        }
        endpoints =
                new Endpoints(
                        List.of(
                                options("e", ModelKind.EMBEDDING, prompts, retries, timeout),
                                options("r", ModelKind.RERANKER, prompts, retries, timeout)));
    }

    private EndpointOptions options(
            String id, ModelKind kind, Prompts prompts, int retries, Duration timeout) {
        return new EndpointOptions(
                id,
                kind,
                URI.create(service.url() + "/"),
                "name-there",
                kind == ModelKind.EMBEDDING ? TestService.DIMENSIONS : 0,
                10,
                2,
                timeout,
                retries,
                prompts,
                "Bearer " + KEY);
    }

    CompletableFuture<List<Embedding>> embed(String... texts) {
        return endpoints.embed(
                new EmbeddingRequest("e", InputType.DOCUMENT, List.of(texts), null, null, null));
    }

    CompletableFuture<RerankResponse> rerank(Duration timeout, String... documents) {
        return endpoints.rerank(
                new RerankRequest("r", "query", List.of(documents), null, null, timeout));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** The failure of a future, which must be of that type. */
    static <E extends Throwable> E failure(Class<E> type, CompletableFuture<?> future) {
        ExecutionException failure =
                assertThrows(
                        ExecutionException.class,
                        () -> future.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        assertEquals(type, failure.getCause().getClass(), failure.toString());
        return type.cast(failure.getCause());
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (condition.getAsBoolean() == false) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come to pass");
            }
            Thread.sleep(5);
        }
    }

    EndpointStats stats(String id) {
        return endpoints.stats().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
