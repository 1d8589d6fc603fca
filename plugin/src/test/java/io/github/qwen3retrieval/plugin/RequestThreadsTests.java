package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.ModelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.common.breaker.CircuitBreaker.Durability;
import org.elasticsearch.common.breaker.CircuitBreakingException;
import org.elasticsearch.common.util.concurrent.ThreadContext;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.threadpool.TestThreadPool;
import org.elasticsearch.threadpool.ThreadPool;

/** Answers of a model's thread, back in the request's context and in Elasticsearch's terms. */
public class RequestThreadsTests extends ESTestCase {

    private ThreadPool threadPool;
    private RequestThreads threads;

    @Override
    public void setUp() throws Exception {
        super.setUp();
        threadPool = new TestThreadPool(getTestName());
        threads = new RequestThreads(threadPool.getThreadContext(), threadPool.generic());
    }

    @Override
    public void tearDown() throws Exception {
        ThreadPool.terminate(threadPool, 10, TimeUnit.SECONDS);
        super.tearDown();
    }

    public void testAnswersContinueInTheContextOfTheirRequest() throws Exception {
        ThreadContext context = threadPool.getThreadContext();
        CompletableFuture<String> ofModel = new CompletableFuture<>();
        AtomicReference<String> seen = new AtomicReference<>();
        AtomicReference<String> thread = new AtomicReference<>();
        ThreadContext.StoredContext before = context.stashContext();
        context.putHeader("user", "alice");
        CompletableFuture<Void> done =
                threads.call(() -> ofModel)
                        .thenAccept(
                                answer -> {
                                    seen.set(answer + " for " + context.getHeader("user"));
                                    thread.set(Thread.currentThread().getName());
                                });
        before.restore();
        Thread model = new Thread(() -> ofModel.complete("vector"), "a model's thread");
        model.start();
        done.get(10, TimeUnit.SECONDS);
        model.join();
        assertEquals("vector for alice", seen.get());
        assertTrue(thread.get(), thread.get().contains("[generic]"));
        assertNull(context.getHeader("user"));
    }

    public void testCancellingTheAnswerCancelsTheRequest() {
        CompletableFuture<String> ofModel = new CompletableFuture<>();
        threads.call(() -> ofModel).cancel(true);
        assertTrue(ofModel.isCancelled());
    }

    public void testFailuresHaveTheStatusOfWhomTheyConcern() {
        assertFailure(new IllegalArgumentException("[dimensions]"), RestStatus.BAD_REQUEST);
        assertFailure(new RejectedExecutionException("full"), RestStatus.TOO_MANY_REQUESTS);
        assertFailure(new ModelException("broken {} file"), RestStatus.FAILED_DEPENDENCY);
        assertFailure(
                new CircuitBreakingException("too large", Durability.PERMANENT),
                RestStatus.TOO_MANY_REQUESTS);
    }

    private void assertFailure(RuntimeException failure, RestStatus status) {
        CompletableFuture<Object> later = new CompletableFuture<>();
        CompletableFuture<Object> answer = threads.call(() -> later);
        later.completeExceptionally(new CompletionException(failure));
        assertFailed(answer, failure, status);
        assertFailed(
                threads.call(
                        () -> {
                            throw failure;
                        }),
                failure,
                status);
    }

    private static void assertFailed(
            CompletableFuture<Object> answer, RuntimeException failure, RestStatus status) {
        Throwable failed = expectThrows(CompletionException.class, answer::join).getCause();
        assertEquals(failure.getMessage(), failed.getMessage());
        assertEquals(status, ExceptionsHelper.status(failed));
    }

    public void testAClosingNodeStillAnswers() {
        Executor closed =
                task -> {
                    throw new RejectedExecutionException("closed");
                };
        RequestThreads closing = new RequestThreads(threadPool.getThreadContext(), closed);
        assertEquals("x", closing.call(() -> CompletableFuture.completedFuture("x")).join());
    }
}
