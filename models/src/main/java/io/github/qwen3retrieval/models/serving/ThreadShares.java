package io.github.qwen3retrieval.models.serving;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of passes, and what part of them a pass may take: threads that have nothing to do are
 * shared out evenly to the passes that run. Nobody is bound: a thread that gets work of its own
 * begins at once, and the other passes take fewer from their next layer on.
 */
final class ThreadShares {

    private final int threads;
    private final AtomicInteger running = new AtomicInteger();

    /**
     * No pass runs yet.
     *
     * @param threads that run passes, as far as they have processors
     */
    ThreadShares(int threads) {
        this.threads = threads;
    }

    /** A pass begins, or goes on after {@link #pause}. */
    void resume() {
        running.incrementAndGet();
    }

    /** A pass has ended, or waits for another. */
    void pause() {
        running.decrementAndGet();
    }

    /** Threads for each of the passes that run, at least 1. */
    int share() {
        return Math.max(1, threads / Math.max(1, running.get()));
    }
}
