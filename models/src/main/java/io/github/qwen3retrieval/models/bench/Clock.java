package io.github.qwen3retrieval.models.bench;

import java.util.ArrayList;
import java.util.List;

/** Times something that can be repeated. */
final class Clock {

    private Clock() {}

    /**
     * Runs the action until it has taken so many seconds in all, at least once.
     *
     * @return the median of its times, in seconds
     */
    static double median(Runnable action, double seconds) {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            times.add(once(action));
        } while (System.nanoTime() < end);
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    /** Seconds of one run. */
    static double once(Runnable action) {
        long started = System.nanoTime();
        action.run();
        return (System.nanoTime() - started) / 1e9;
    }
}
