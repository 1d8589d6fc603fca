package io.github.qwen3retrieval.models.rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The activation of the feed-forward network, x / (1 + e⁻ˣ), to some ten-millionths of its value,
 * as near as libtorch's own.
 */
final class Silu {

    /** Beyond it e⁻ˣ is nothing beside 1, or 1 beside it, in float32. */
    private static final int FARTHEST = Float.floatToRawIntBits(Exponential.FARTHEST);

    private Silu() {}

    /** Lane by lane. */
    static FloatVector of(FloatVector x) {
        // as whole numbers: bounds of floats would look for NaN, which stays in x
        IntVector bits = x.reinterpretAsInts();
        IntVector opposite = bits.not().and(Integer.MIN_VALUE);
        IntVector size = bits.and(Integer.MAX_VALUE).min(FARTHEST);
        FloatVector e = Exponential.of(size.or(opposite).reinterpretAsFloats());
        return x.div(e.add(1));
    }

    /** Of one number. */
    static float of(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }
}
