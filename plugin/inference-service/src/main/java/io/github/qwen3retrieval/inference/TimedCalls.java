package io.github.qwen3retrieval.inference;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.support.ListenerTimeouts;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.threadpool.ThreadPool;

/** Calls of models that end by their answer or by their timeout, which abandons the work. */
final class TimedCalls {

    private final ThreadPool threadPool;

    TimedCalls(ThreadPool threadPool) {
        this.threadPool = threadPool;
    }

    /**
     * Answers a listener.
     *
     * @param call the call, under way
     * @param timeout after which it is cancelled and the listener told so (408), or null for none
     * @param result makes the listener's result from the answer
     */
    <T, R> void answer(
            CompletableFuture<T> call,
            TimeValue timeout,
            Function<T, ? extends R> result,
            ActionListener<R> listener) {
        ActionListener<R> timed = timeout == null ? listener : withTimeout(call, timeout, listener);
        call.whenComplete(
                (answer, failure) -> {
                    if (failure == null) {
                        ActionListener.completeWith(timed, () -> result.apply(answer));
                    } else {
                        timed.onFailure(exception(failure));
                    }
                });
    }

    private <R> ActionListener<R> withTimeout(
            CompletableFuture<?> call, TimeValue timeout, ActionListener<R> listener) {
        return ListenerTimeouts.wrapWithTimeout(
                threadPool,
                timeout,
                threadPool.generic(),
                listener,
                expired -> {
                    call.cancel(true);
                    listener.onFailure(
                            new ElasticsearchStatusException(
                                    "the model did not answer within the timeout of [{}]; raise it,"
                                            + " or send less at once",
                                    RestStatus.REQUEST_TIMEOUT,
                                    timeout));
                });
    }

    private static Exception exception(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof Exception exception ? exception : new RuntimeException(cause);
    }
}
