package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelUnavailableException;
import io.github.qwen3retrieval.models.endpoint.TextQueue.Waiting;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A remote model: takes the texts of requests, and has as many batches under way as it may.
 *
 * @param <T> what is answered for one text
 */
final class RemoteModel<T> {

    private final EndpointOptions options;
    private final EndpointHttp http;
    private final Circuit circuit;
    private final EndpointCounters counters = new EndpointCounters();
    private final TextQueue<T> queue;
    private final AtomicInteger free;
    private final AtomicInteger asked = new AtomicInteger();
    private final Map<CompletableFuture<JsonObject>, List<Waiting<T>>> running =
            new ConcurrentHashMap<>();
    private volatile boolean closed;

    RemoteModel(EndpointOptions options, EndpointHttp http) {
        this.options = options;
        this.http = http;
        this.circuit = new Circuit(options.shown());
        this.queue = new TextQueue<>(options.shown(), options.batchSize());
        this.free = new AtomicInteger(options.maxCalls());
    }

    EndpointOptions options() {
        return options;
    }

    /** Takes the texts of one job; where too many wait, the job fails. */
    void submit(List<Waiting<T>> waiting, boolean search) {
        try {
            queue.add(waiting, search);
        } catch (RejectedExecutionException full) {
            counters.rejected().increment();
            waiting.getFirst().job().fail(full);
            return;
        }
        start();
    }

    /** Starts calls, on one thread at a time, until none is free or nothing waits. */
    private void start() {
        if (asked.getAndIncrement() != 0) {
            return;
        }
        int answered = 1;
        do {
            while (free.get() > 0 && startNext()) {
                continue;
            }
            answered = asked.addAndGet(-answered);
        } while (answered != 0);
    }

    private boolean startNext() {
        List<Waiting<T>> batch = queue.next();
        if (batch.isEmpty()) {
            return false;
        }
        if (closed) {
            fail(batch, closing());
            return true;
        }
        free.decrementAndGet();
        CompletableFuture<JsonObject> call = call(batch).start();
        running.put(call, batch);
        batch.stream()
                .map(Waiting::job)
                .distinct()
                .forEach(job -> job.result().whenComplete((r, f) -> endIfUnwanted(batch, call)));
        try {
            call.whenCompleteAsync(
                    (answer, failure) -> ended(call, answer, failure), http.executor());
        } catch (RejectedExecutionException e) {
            fail(batch, closing());
        }
        return true;
    }

    private EndpointCall call(List<Waiting<T>> batch) {
        Form<T> form = batch.getFirst().form();
        List<String> texts = batch.stream().map(Waiting::text).toList();
        EndpointCall.Message message =
                new EndpointCall.Message(
                        form.request(texts).toString(), form.maxAnswerBytes(texts));
        return new EndpointCall(options, http, circuit, counters, message);
    }

    private void endIfUnwanted(List<Waiting<T>> batch, CompletableFuture<JsonObject> call) {
        if (call.isDone() == false && batch.stream().allMatch(each -> each.job().done())) {
            call.cancel(true);
        }
    }

    private void ended(CompletableFuture<JsonObject> call, JsonObject answer, Throwable failure) {
        List<Waiting<T>> batch = running.remove(call);
        free.incrementAndGet();
        try {
            if (failure != null) {
                throw thrown(failure);
            }
            List<T> values = batch.getFirst().form().read(answer, batch.size());
            counters.texts().add(values.size());
            for (int i = 0; i < values.size(); i++) {
                batch.get(i).complete(values.get(i));
            }
        } catch (RuntimeException e) {
            fail(batch, e);
        } finally {
            start();
        }
    }

    private RuntimeException thrown(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return new ModelUnavailableException(
                    options.shown()
                            + " did not answer within ["
                            + options.timeout().toMillis()
                            + "ms]; it is slow or down, or [qwen3.endpoint."
                            + options.id()
                            + ".timeout] is too short");
        }
        return cause instanceof RuntimeException exception
                ? exception
                : new ModelUnavailableException(options.shown() + " failed", cause);
    }

    private void fail(List<Waiting<T>> batch, RuntimeException e) {
        if (batch.stream().anyMatch(each -> each.job().done() == false)) {
            counters.failures().increment();
        }
        batch.forEach(each -> each.job().fail(e));
    }

    private ModelUnavailableException closing() {
        return new ModelUnavailableException(
                options.shown() + " is not asked any more: the node closes");
    }

    EndpointStats stats() {
        return new EndpointStats(
                options.id(),
                counters.requests().sum(),
                counters.texts().sum(),
                counters.retries().sum(),
                counters.failures().sum(),
                counters.rejected().sum(),
                queue.size(),
                circuit.openSince() != null);
    }

    /** Why it is not asked now, or null. */
    String circuitOpen() {
        return circuit.openSince();
    }

    /** Fails what waits, and what is under way. */
    void close() {
        closed = true;
        running.forEach(
                (call, batch) -> {
                    fail(batch, closing());
                    call.cancel(true);
                });
        for (List<Waiting<T>> batch = queue.next(); batch.isEmpty() == false; ) {
            fail(batch, closing());
            batch = queue.next();
        }
    }
}
