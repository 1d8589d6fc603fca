package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import java.util.concurrent.atomic.AtomicLong;

/** A budget that can be set, and that knows what is taken of it. */
final class CountingBudget implements MemoryBudget {

    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong weights = new AtomicLong();
    private volatile long limit = Long.MAX_VALUE;

    @Override
    public void reserve(long bytes, String what) {
        if (reserved.addAndGet(bytes) > limit) {
            reserved.addAndGet(-bytes);
            throw new IllegalStateException("no memory for " + what);
        }
        if (what.startsWith("qwen3 weights")) {
            weights.incrementAndGet();
        }
    }

    @Override
    public void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    void limit(long bytes) {
        limit = bytes;
    }

    long reserved() {
        return reserved.get();
    }

    /** How often weights were loaded. */
    long loads() {
        return weights.get();
    }
}
