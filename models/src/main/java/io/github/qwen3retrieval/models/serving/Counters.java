package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.RerankResponse;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a node's models do. */
final class Counters {

    private final Map<Priority, Adders> passes = new EnumMap<>(Priority.class);
    private final LongAdder rejected = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    Counters() {
        for (Priority priority : Priority.values()) {
            passes.put(priority, new Adders());
        }
    }

    private record Adders(
            LongAdder requests,
            LongAdder texts,
            LongAdder tokens,
            LongAdder batches,
            LongAdder nanos) {

        Adders() {
            this(
                    new LongAdder(),
                    new LongAdder(),
                    new LongAdder(),
                    new LongAdder(),
                    new LongAdder());
        }

        ModelsStats.Passes now() {
            return new ModelsStats.Passes(
                    requests.sum(), texts.sum(), tokens.sum(), batches.sum(), nanos.sum());
        }
    }

    void request(Priority priority) {
        passes.get(priority).requests.increment();
    }

    void batch(Priority priority, int texts, int tokens, long nanos) {
        Adders adders = passes.get(priority);
        adders.texts.add(texts);
        adders.tokens.add(tokens);
        adders.batches.increment();
        adders.nanos.add(nanos);
    }

    /** Counts how a request ended; either argument is null. */
    void ended(Object result, Throwable failure) {
        if (failure instanceof CancellationException) {
            cancelled.increment();
        } else if (failure instanceof RejectedExecutionException) {
            rejected.increment();
        } else if (failure != null) {
            failed.increment();
        } else if (result instanceof RerankResponse response && response.complete() == false) {
            timedOut.increment();
        }
    }

    /**
     * The counts so far.
     *
     * @param queueTokens tokens that wait
     * @param nativeArrays values in native memory
     */
    ModelsStats now(
            long queueTokens,
            ModelsStats.Cache queryVectors,
            ModelsStats.Cache rerankScores,
            long nativeArrays) {
        return new ModelsStats(
                passes.get(Priority.SEARCH).now(),
                passes.get(Priority.INGEST).now(),
                queueTokens,
                rejected.sum(),
                failed.sum(),
                cancelled.sum(),
                timedOut.sum(),
                queryVectors,
                rerankScores,
                nativeArrays);
    }
}
