package io.github.qwen3retrieval.models.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A product of matrices whose time is taken. It owns what it multiplies. */
abstract class TimedProduct implements AutoCloseable {

    /** Multiplies once. */
    abstract void multiply();

    /**
     * Multiplies again and again.
     *
     * @param seconds how long
     * @param clock tells nanoseconds
     * @return seconds of one product: the median, after one product to warm up
     */
    final double median(double seconds, LongSupplier clock) {
        multiply();
        List<Long> times = new ArrayList<>();
        long end = clock.getAsLong() + (long) (seconds * 1e9);
        do {
            long started = clock.getAsLong();
            multiply();
            times.add(clock.getAsLong() - started);
        } while (clock.getAsLong() < end);
        return times.stream().sorted().toList().get(times.size() / 2) / 1e9;
    }

    @Override
    public abstract void close();
}
