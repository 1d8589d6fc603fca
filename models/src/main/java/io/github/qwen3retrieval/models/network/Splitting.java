package io.github.qwen3retrieval.models.network;

import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Projection;
import java.util.Arrays;

/**
 * How the matrices of a layer are cut into pieces for several threads: by columns of their results,
 * all pieces of a matrix alike. A number of a product is summed up by one piece, so that it does
 * not depend on how many threads there are when it is computed.
 *
 * @param config of the checkpoint
 * @param pieces how many, 1 for whole matrices
 */
record Splitting(Qwen3Config config, int pieces) {

    /** Beyond, the products of short texts are too small to be worth their call. */
    private static final int MOST = 8;

    /** The same in 8-bit integers, where a product is four times as fast, and a call is not. */
    private static final int MOST_OF_INT8 = 4;

    /**
     * Numbers of a result that a piece has a multiple of: oneDNN's blocks on CPUs with AVX-512, see
     * {@link Packing}.
     */
    private static final int BLOCK = 64;

    /**
     * Bytes of a layer's matrices that are worth a piece: to read its part of one of the four steps
     * takes 5 µs at 25 GB/s, about what it takes threads to meet again.
     */
    private static final long BYTES = 512 * 1024;

    /**
     * For passes that have so many threads at most: the greatest power of two that is no more than
     * those, cuts everything evenly and leaves pieces worth it.
     */
    static Splitting of(Qwen3Config config, int threads, Precision precision) {
        int most = Math.min(threads, precision == Precision.INT8 ? MOST_OF_INT8 : MOST);
        int pieces = 1;
        while (2 * pieces <= most && new Splitting(config, 2 * pieces).suits(precision)) {
            pieces *= 2;
        }
        return new Splitting(config, pieces);
    }

    private boolean suits(Precision precision) {
        return config.kvHeads() % pieces == 0
                && even(config.heads() * config.headDim())
                && even(config.kvHeads() * config.headDim())
                && even(config.hiddenSize())
                && even(config.intermediateSize())
                && numbers() * precision.bytes() / pieces >= BYTES;
    }

    private boolean even(int rows) {
        return rows % (pieces * BLOCK) == 0;
    }

    private long numbers() {
        return Arrays.stream(Projection.values())
                .mapToLong(matrix -> (long) matrix.rows(config) * matrix.columns(config))
                .sum();
    }

    /** Query heads of a piece. */
    int heads() {
        return config.heads() / pieces;
    }

    /** Heads of keys and values of a piece. */
    int keyHeads() {
        return config.kvHeads() / pieces;
    }

    /** Numbers that a piece's heads attend to for a token. */
    int attended() {
        return heads() * config.headDim();
    }

    /** Numbers of the residual stream that a piece adds to. */
    int hidden() {
        return config.hiddenSize() / pieces;
    }

    /** Numbers of the feed-forward network that a piece computes. */
    int intermediate() {
        return config.intermediateSize() / pieces;
    }
}
