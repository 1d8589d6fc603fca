package io.github.qwen3retrieval.models.serving;

import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The thread that makes work out of requests: it finds the model and tokenises, searches first. One
 * is enough: tokenising is some thousandth of the arithmetic. What waits for it is bounded by the
 * queue's admission.
 */
final class Preparer implements AutoCloseable {

    private final ThreadPoolExecutor thread;
    private final AtomicLong arrivals = new AtomicLong();

    Preparer(ThreadFactory threads) {
        thread =
                new ThreadPoolExecutor(
                        1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), threads);
    }

    private record Step(Priority priority, long arrival, Runnable work)
            implements Runnable, Comparable<Step> {

        @Override
        public void run() {
            work.run();
        }

        @Override
        public int compareTo(Step other) {
            int byPriority = priority.compareTo(other.priority);
            return byPriority != 0 ? byPriority : Long.compare(arrival, other.arrival);
        }
    }

    /** Runs steps of that priority. */
    Executor at(Priority priority) {
        return work -> thread.execute(new Step(priority, arrivals.incrementAndGet(), work));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Waits until the step that ran at closing has ended. */
    boolean awaitEnd(long millis) throws InterruptedException {
        return thread.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }
}
