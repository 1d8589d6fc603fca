package io.github.qwen3retrieval.models.rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * eˣ lane by lane, to some ten-millionths of its value, as near as libtorch's own, and the same
 * bits whether Java has compiled it or not.
 *
 * <p>eˣ is 2ⁿ · 2ᶠ with n whole and f at most a half, and 2ᶠ a polynomial of degree 5 whose
 * coefficients were fitted here by least squares, weighed anew until all errors were alike: 7.5e-8
 * of the value at most.
 */
final class Exponential {

    /** Farther from zero 2ⁿ would leave the range of float32's exponent. */
    static final float FARTHEST = 87;

    /** log₂ e as a sum of two numbers, so that its product is right to more than float32 holds. */
    private static final float LOG2_E = 1.442695041f;

    private static final float LOG2_E_REST = 1.925963033e-8f;

    /** 1.5 · 2²³: adding it leaves the nearest whole number in the lowest bits. */
    private static final float ROUNDING = 12582912;

    private static final int EXPONENT_BITS = 23;

    private static final float C0 = 1.0000000717f;
    private static final float C1 = 0.6931469671f;
    private static final float C2 = 0.2402211972f;
    private static final float C3 = 0.0555071328f;
    private static final float C4 = 0.0096755413f;
    private static final float C5 = 0.0013276471f;

    private Exponential() {}

    /** Of numbers at most {@link #FARTHEST} from zero; NaN stays NaN. */
    static FloatVector of(FloatVector x) {
        FloatVector shifted = x.mul(LOG2_E).add(ROUNDING);
        FloatVector n = shifted.sub(ROUNDING);
        FloatVector f = x.fma(FloatVector.broadcast(Lanes.FLOATS, LOG2_E), n.neg());
        f = x.fma(FloatVector.broadcast(Lanes.FLOATS, LOG2_E_REST), f);
        FloatVector power = f.mul(C5).add(C4);
        power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C3));
        power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C2));
        power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C1));
        power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C0));
        IntVector exponent =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_BITS);
        return power.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }
}
