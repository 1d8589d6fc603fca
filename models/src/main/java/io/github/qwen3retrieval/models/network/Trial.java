package io.github.qwen3retrieval.models.network;

import io.github.qwen3retrieval.models.network.GemmProbe.Matrix;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** Finds out which of two ways is the faster on this machine. */
final class Trial {

    /** Weights of a product that is tried: as large as the smaller ones of the 0.6B shape. */
    static final Matrix WEIGHTS = new Matrix(1024, 1024);

    /** Rows of a product that is tried. */
    static final int ROWS = 128;

    /** How long it is multiplied each time. */
    private static final double SECONDS = 0.004;

    private Trial() {}

    /**
     * How long one product takes, as a share of what another takes.
     *
     * @param rounds odd
     */
    static double ratio(int rounds, TimedProduct one, TimedProduct other) {
        return ratio(
                rounds,
                () -> one.median(SECONDS, ProcessorTime::nanos),
                () -> other.median(SECONDS, ProcessorTime::nanos));
    }

    /**
     * The same of two ways to do something. It is the median over rounds in which both have their
     * turn: what else is at work on the machine, when it starts at least, slows both of a round,
     * and seldom as much as both of another.
     *
     * @param one runs once and tells its {@link ProcessorTime}, in seconds
     * @param other likewise
     */
    static double ratio(int rounds, DoubleSupplier one, DoubleSupplier other) {
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            ratios[round] = one.getAsDouble() / other.getAsDouble();
        }
        Arrays.sort(ratios);
        return ratios[rounds / 2];
    }
}
