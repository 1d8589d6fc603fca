package io.github.qwen3retrieval.models.bench;

import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;

/**
 * Multiplications and additions that a network's matrix products need, each counted as one. Of the
 * last layer only keys and values of all tokens count, and the rest for one token of each sequence:
 * nothing reads more. Attention counts where it is not masked.
 */
final class Flops {

    private final Qwen3Config config;

    Flops(Qwen3Config config) {
        this.config = config;
    }

    /**
     * Of sequences of equal length.
     *
     * @param sequences how many
     * @param tokens of each
     * @param prefix tokens before them, whose keys and values are known
     */
    double sequences(int sequences, int tokens, int prefix) {
        double pairs = (double) tokens * prefix + tokens * (tokens + 1.0) / 2;
        double lastPairs = tokens + prefix;
        int before = config.layers() - 1;
        double attended = 4.0 * config.heads() * config.headDim() * (before * pairs + lastPairs);
        double all = 2.0 * tokens * (before * (keysAndValues() + rest()) + keysAndValues());
        return sequences * (all + 2 * rest() + attended);
    }

    /** Of a prefix, of which every layer's keys and values are wanted. */
    double prefix(int tokens) {
        double pairs = tokens * (tokens + 1.0) / 2;
        double attended = 4.0 * config.heads() * config.headDim() * config.layers() * pairs;
        return 2.0 * tokens * config.layers() * (keysAndValues() + rest()) + attended;
    }

    private double keysAndValues() {
        return 2.0 * config.kvHeads() * config.headDim() * config.hiddenSize();
    }

    /** Queries, output and the feed-forward network. */
    private double rest() {
        return config.hiddenSize()
                * (2.0 * config.heads() * config.headDim() + 3.0 * config.intermediateSize());
    }
}
