package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests of several kinds that run side by side for as long as it is open, each thread sending
 * the next when it has the answer to the last; counts how they ended and how long they took.
 */
final class Traffic implements AutoCloseable {

    private static final long LIMIT_SECONDS = 300;

    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean open = true;

    /** One request of a kind. */
    interface Request {

        /**
         * Sends it.
         *
         * @param number of the request, from 0
         * @return how it ended, in a word or two
         */
        String send(int number) throws IOException;
    }

    /** Requests of one kind. */
    private static final class Lane {

        private final Map<String, Integer> outcomes = new TreeMap<>();
        private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        private int next;

        synchronized int next() {
            return next++;
        }

        synchronized void ended(String outcome, long took) {
            outcomes.merge(outcome, 1, Integer::sum);
            nanos.add(took);
        }

        synchronized Map<String, Integer> outcomes() {
            return new TreeMap<>(outcomes);
        }
    }

    /**
     * Begins to send requests of a kind.
     *
     * @param sideBySide how many at a time
     * @param pauseMillis of each thread between two of its requests
     */
    Traffic with(String kind, int sideBySide, long pauseMillis, Request request) {
        Lane lane = new Lane();
        lanes.put(kind, lane);
        for (int i = 0; i < sideBySide; i++) {
            Thread thread = new Thread(() -> run(lane, pauseMillis, request), "traffic-" + kind);
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    private void run(Lane lane, long pauseMillis, Request request) {
        while (open) {
            long start = System.nanoTime();
            String outcome;
            try {
                outcome = request.send(lane.next());
            } catch (IOException | RuntimeException | AssertionError e) {
                outcome = "no answer: " + e;
            }
            lane.ended(outcome, System.nanoTime() - start);
            if (pauseMillis > 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
            }
        }
    }

    /** How requests of a kind ended so far, and how many did so. */
    Map<String, Integer> outcomes(String kind) {
        return lanes.get(kind).outcomes();
    }

    /** How many requests of a kind have ended. */
    int count(String kind) {
        return lanes.get(kind).outcomes().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many requests of a kind ended in this way. */
    int count(String kind, String outcome) {
        return outcomes(kind).getOrDefault(outcome, 0);
    }

    /** Waits until so many more requests of a kind have ended in this way. */
    void await(String kind, String outcome, int more) throws InterruptedException {
        int before = count(kind, outcome);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (count(kind, outcome) < before + more) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "no " + more + " more of " + kind + " " + outcome + ": " + outcomes(kind));
            }
            Thread.sleep(20);
        }
    }

    /**
     * Times of the requests of a kind.
     *
     * @return milliseconds, sorted
     */
    double[] millis(String kind) {
        double[] sorted =
                lanes.get(kind).nanos.stream().mapToDouble(nanos -> nanos / 1e6).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    @Override
    public void close() {
        stop();
    }

    /** Sends no more, and waits for the answers that are still to come. */
    void stop() {
        open = false;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
