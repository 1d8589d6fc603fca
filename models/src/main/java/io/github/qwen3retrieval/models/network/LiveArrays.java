package io.github.qwen3retrieval.models.network;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the values that live in native memory: weights, prefixes and what passes make, arrays and
 * lists of them alike. When no model is open it is 0; whatever is left then has been leaked.
 */
public final class LiveArrays {

    private final LongAdder count = new LongAdder();

    void made() {
        count.increment();
    }

    void closed() {
        count.decrement();
    }

    /** Values that have been made and not been closed. */
    public long count() {
        return count.sum();
    }
}
