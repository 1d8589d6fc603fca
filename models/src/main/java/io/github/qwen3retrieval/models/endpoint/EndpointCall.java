package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.ModelUnavailableException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One batch on its way: sent, and sent again after a pause where the service was not reached, was
 * not able to answer (5xx) or asked for patience (429). Pauses double, and vary, so that callers
 * who failed together do not come back together; where the service names one, it is kept.
 */
final class EndpointCall {

    private static final long FIRST_PAUSE_MILLIS = 250;

    private final EndpointOptions options;
    private final EndpointHttp http;
    private final Circuit circuit;
    private final EndpointCounters counters;
    private final Message message;
    private final long deadlineNanos;
    private final CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    private volatile CompletableFuture<HttpResponse<byte[]>> running;
    private int retries;

    /** What is sent, and how much may come back. */
    record Message(String json, long maxAnswerBytes) {}

    EndpointCall(
            EndpointOptions options,
            EndpointHttp http,
            Circuit circuit,
            EndpointCounters counters,
            Message message) {
        this.options = options;
        this.http = http;
        this.circuit = circuit;
        this.counters = counters;
        this.message = message;
        this.deadlineNanos = System.nanoTime() + options.timeout().toNanos();
    }

    /**
     * Begins.
     *
     * @return fails with {@link ModelUnavailableException} where trying again later may help,
     *     {@link RejectedExecutionException} where the service is too busy, {@link ModelException}
     *     where it refused or sent what is no answer, {@link TimeoutException}; cancelling it ends
     *     the call
     */
    CompletableFuture<JsonObject> start() {
        answer.orTimeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        answer.whenComplete((json, failure) -> endRunning());
        attempt();
        return answer;
    }

    private void endRunning() {
        CompletableFuture<?> now = running;
        if (now != null) {
            now.cancel(true);
        }
    }

    private void attempt() {
        if (answer.isDone()) {
            return;
        }
        try {
            circuit.enter();
        } catch (ModelUnavailableException open) {
            answer.completeExceptionally(open);
            return;
        }
        try {
            counters.requests().increment();
            CompletableFuture<HttpResponse<byte[]>> sent =
                    http.post(
                            options.address(),
                            options.authorization(),
                            message.json(),
                            message.maxAnswerBytes());
            running = sent;
            if (answer.isDone()) {
                sent.cancel(true);
            }
            sent.whenComplete(this::received);
        } catch (RuntimeException e) {
            circuit.left();
            answer.completeExceptionally(e);
        }
    }

    private void received(HttpResponse<byte[]> response, Throwable failure) {
        if (answer.isDone()) {
            given(failure != null);
        } else if (failure == null) {
            received(response);
        } else {
            failed(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    /** The call has ended before this; only a service that kept it waiting is to blame. */
    private void given(boolean unanswered) {
        boolean timedOut =
                answer.isCompletedExceptionally()
                        && answer.exceptionNow() instanceof TimeoutException;
        if (unanswered && answer.isCancelled() == false && timedOut) {
            circuit.failed("did not answer within [" + options.timeout().toMillis() + "ms]");
        } else {
            circuit.left();
        }
    }

    private void failed(Throwable failure) {
        if (failure instanceof BoundedBody.TooLarge) {
            circuit.answered();
            answer.completeExceptionally(
                    new ModelException(options.shown() + " answered with " + failure.getMessage()));
            return;
        }
        String detail = failure.getMessage() == null ? "" : ": " + failure.getMessage();
        String words = "was not reached: " + failure.getClass().getSimpleName() + detail;
        circuit.failed(words);
        retry(new ModelUnavailableException(options.shown() + " " + words, failure), 0);
    }

    private void received(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status >= 500 || status == 408) {
            String words = "answered with status [" + status + "]";
            circuit.failed(words);
            retry(
                    new ModelUnavailableException(options.shown() + " " + words),
                    retryAfter(response));
            return;
        }
        circuit.answered();
        if (status == 429) {
            retry(
                    new RejectedExecutionException(
                            options.shown() + " is too busy: it answered with status [429]"),
                    retryAfter(response));
            return;
        }
        try {
            if (status != 200) {
                throw new ModelException(Refusal.words(options, status, response.body()));
            }
            answer.complete(Answers.object(response.body(), options.shown()));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private void retry(RuntimeException failure, long wantedMillis) {
        long pause = Math.max(wantedMillis, pauseMillis(retries));
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (retries >= options.maxRetries() || pause >= left) {
            answer.completeExceptionally(failure);
            return;
        }
        retries++;
        counters.retries().increment();
        CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, http.executor())
                .execute(this::attempt);
    }

    private static long pauseMillis(int retries) {
        long longest = FIRST_PAUSE_MILLIS << Math.min(retries, 10);
        return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    }

    private static long retryAfter(HttpResponse<byte[]> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,6}")
                ? Duration.ofSeconds(Long.parseLong(seconds)).toMillis()
                : 0;
    }
}
