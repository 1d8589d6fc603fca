package io.github.qwen3retrieval.models.serving;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that make work out of requests: they find the model and tokenise. One for searches
 * and one for ingest, so that no search waits for somebody's documents; that is enough, as
 * tokenising is some thousandth of the arithmetic. What waits for them is bounded by the queue's
 * admission.
 */
final class Preparer implements AutoCloseable {

    private final Map<Priority, ExecutorService> threads = new EnumMap<>(Priority.class);

    Preparer(ThreadFactory factory) {
        for (Priority priority : Priority.values()) {
            threads.put(priority, Executors.newSingleThreadExecutor(factory));
        }
    }

    /** Runs steps of that priority, in the order in which they come. */
    Executor at(Priority priority) {
        return threads.get(priority);
    }

    @Override
    public void close() {
        threads.values().forEach(ExecutorService::shutdownNow);
    }

    /** Waits until the steps that ran at closing have ended, so long for each. */
    boolean awaitEnd(long millis) throws InterruptedException {
        boolean ended = true;
        for (ExecutorService thread : threads.values()) {
            ended &= thread.awaitTermination(millis, TimeUnit.MILLISECONDS);
        }
        return ended;
    }
}
