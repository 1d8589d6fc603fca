package io.github.qwen3retrieval.plugin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.elasticsearch.common.util.concurrent.ThreadContext;

/**
 * Brings answers of models back to where their requests came from. One batch on one thread of a
 * model answers requests of many users: each answer continues on a thread of Elasticsearch, in the
 * thread context (user, headers, task) in which the request was made.
 */
final class RequestThreads {

    private final ThreadContext threadContext;
    private final Executor executor;

    /**
     * @param executor where answers continue; a thread of a model is never kept by what a request
     *     does next
     */
    RequestThreads(ThreadContext threadContext, Executor executor) {
        this.threadContext = threadContext;
        this.executor = executor;
    }

    /**
     * Makes a request of a model, from the thread and in the context of its user.
     *
     * @return completed in that context on the executor, failed as {@link Failures} says;
     *     cancelling it cancels the request
     */
    <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        CompletableFuture<T> source = started(request);
        Runnable complete = threadContext.preserveContext(() -> complete(source, answer));
        source.whenComplete((value, failure) -> continueWith(complete));
        answer.whenComplete(
                (value, failure) -> {
                    if (answer.isCancelled()) {
                        source.cancel(true);
                    }
                });
        return answer;
    }

    private static <T> CompletableFuture<T> started(Supplier<CompletableFuture<T>> request) {
        try {
            return request.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void continueWith(Runnable complete) {
        try {
            executor.execute(complete);
        } catch (RejectedExecutionException shuttingDown) {
            // the node closes: whoever waits must learn of it all the same
            complete.run();
        }
    }

    private static <T> void complete(CompletableFuture<T> source, CompletableFuture<T> answer) {
        if (source.isCompletedExceptionally()) {
            answer.completeExceptionally(Failures.translate(failureOf(source)));
        } else {
            answer.complete(source.join());
        }
    }

    private static Throwable failureOf(CompletableFuture<?> source) {
        return source.handle((value, failure) -> failure).join();
    }
}
