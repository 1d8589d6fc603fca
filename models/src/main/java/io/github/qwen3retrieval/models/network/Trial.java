package io.github.qwen3retrieval.models.network;

import io.github.qwen3retrieval.models.network.GemmProbe.Matrix;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** Finds out which of several ways is the fastest on this machine. */
final class Trial {

    /** Weights of a product that is tried: as large as the smaller ones of the 0.6B shape. */
    static final Matrix WEIGHTS = new Matrix(1024, 1024);

    /** Rows of a product that is tried. */
    static final int ROWS = 128;

    /** How long it is multiplied each time. */
    private static final double SECONDS = 0.004;

    private Trial() {}

    /**
     * The best of a few times of each product, in turns.
     *
     * @return seconds of one by product
     */
    static double[] best(int rounds, TimedProduct... products) {
        return best(
                rounds,
                Arrays.stream(products)
                        .map(product -> (DoubleSupplier) () -> product.median(SECONDS))
                        .toArray(DoubleSupplier[]::new));
    }

    /**
     * The best of a few times of each way, in turns: what disturbs one does not favour the other.
     *
     * @param ways each runs once and tells its seconds
     * @return seconds by way
     */
    static double[] best(int rounds, DoubleSupplier... ways) {
        double[] best = new double[ways.length];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        for (int round = 0; round < rounds; round++) {
            for (int way = 0; way < ways.length; way++) {
                best[way] = Math.min(best[way], ways[way].getAsDouble());
            }
        }
        return best;
    }
}
