package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.MemoryBudget;
import org.elasticsearch.common.breaker.CircuitBreaker;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.indices.breaker.BreakerSettings;

/**
 * Native memory of weights and activations, counted by the circuit breaker {@value #BREAKER}, so
 * that {@code GET _nodes/stats/breaker} shows it.
 *
 * <p>Elasticsearch's parent breaker guards the heap: it adds what every child counts to the heap in
 * use, and would refuse weights larger than the heap although they take none of it. So the breaker
 * has an overhead of 0, which is its share in the parent's sum, and the limit is checked here.
 */
final class NativeMemory implements MemoryBudget {

    /** Name of the breaker. */
    static final String BREAKER = "qwen3";

    private static final double SHARE_OF_HEAP = 0;

    private final CircuitBreaker breaker;

    NativeMemory(CircuitBreaker breaker) {
        this.breaker = breaker;
    }

    /** What Elasticsearch makes the breaker from. */
    static BreakerSettings breakerSettings(Settings settings) {
        return new BreakerSettings(
                BREAKER,
                Qwen3Settings.nativeMemoryLimit(settings),
                SHARE_OF_HEAP,
                CircuitBreaker.Type.MEMORY,
                CircuitBreaker.Durability.PERMANENT);
    }

    /** Changes the limit on a running node; what is in use stays. */
    void limit(long bytes) {
        breaker.setLimitAndOverhead(bytes, SHARE_OF_HEAP);
    }

    /** Bytes in use. */
    long used() {
        return breaker.getUsed();
    }

    /** Bytes that may be in use. */
    long limit() {
        return breaker.getLimit();
    }

    @Override
    public synchronized void reserve(long bytes, String what) {
        long wanted = breaker.getUsed() + bytes;
        if (wanted > breaker.getLimit()) {
            breaker.circuitBreak(what, wanted);
        }
        breaker.addWithoutBreaking(bytes);
    }

    @Override
    public void release(long bytes) {
        breaker.addWithoutBreaking(-bytes);
    }
}
