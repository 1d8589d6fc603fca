package io.github.qwen3retrieval.models.network;

import java.util.ArrayList;
import java.util.List;

/** A product of matrices whose time is taken. It owns what it multiplies. */
abstract class TimedProduct implements AutoCloseable {

    /** Multiplies once. */
    abstract void multiply();

    /**
     * Multiplies again and again.
     *
     * @param seconds how long
     * @return seconds of one product: the median, after one product to warm up
     */
    final double median(double seconds) {
        multiply();
        List<Long> times = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            long started = System.nanoTime();
            multiply();
            times.add(System.nanoTime() - started);
        } while (System.nanoTime() < end);
        return times.stream().sorted().toList().get(times.size() / 2) / 1e9;
    }

    @Override
    public abstract void close();
}
