package io.github.qwen3retrieval.models.rows;

import io.github.qwen3retrieval.models.int8.BlockHadamard;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rounds a row of numbers to 8 bits: spreads each block of its channels by the Hadamard transform
 * (see {@link BlockHadamard}), takes the largest number that comes out as 127 steps, and writes the
 * number of steps, to nearest, counted from 128.
 *
 * <p>The row is put into {@link #row} first, by whoever computes it, through {@link #put}. For one
 * thread at a time.
 */
final class RowRounding {

    /** What stands for zero; with it what is cut off is positive, so that half a step rounds. */
    private static final float CENTRE = 128.5f;

    private static final int LARGEST = 127;

    /** Where nothing but zeros is in a row. */
    private static final float SMALLEST_STEP = 1e-30f;

    private static final int WITHOUT_SIGN = 0x7fffffff;

    private static final FloatVector SIGN_1 = signs(1);
    private static final FloatVector SIGN_2 = signs(2);
    private static final FloatVector SIGN_4 = signs(4);
    private static final FloatVector SIGN_8 = signs(8);

    private final int length;
    private final int block;
    private final BlockHadamard blocks;
    private final float scale;
    private final int whole;
    private final float[] row;
    private final byte[] numbers;

    /**
     * Rounding of rows of so many numbers.
     *
     * @param block channels that are spread over each other, a power of two that divides the
     *     length; 1 for none
     */
    RowRounding(int length, int block) {
        this.length = length;
        this.block = block;
        blocks = new BlockHadamard(block);
        scale = (float) (1 / Math.sqrt(block));
        // blocks wider than a vector go by whole vectors or not at all
        whole = block <= Lanes.COUNT || length % Lanes.COUNT == 0 ? Lanes.whole(length) : 0;
        row = new float[length];
        numbers = new byte[length];
    }

    /** How many of the numbers are put by vectors, the others one by one. */
    int whole() {
        return whole;
    }

    /** Puts a vector of the row, spread as far as its own lanes go. */
    void put(int at, FloatVector numbers) {
        FloatVector v = numbers;
        if (block >= 2) {
            v = v.fma(SIGN_1, v.rearrange(Lanes.BY_1));
        }
        if (block >= 4) {
            v = v.fma(SIGN_2, v.rearrange(Lanes.BY_2));
        }
        if (block >= 8) {
            v = v.fma(SIGN_4, v.rearrange(Lanes.BY_4));
        }
        if (Lanes.COUNT >= 16 && block >= 16) {
            v = v.fma(SIGN_8, v.rearrange(Lanes.BY_8));
        }
        v.intoArray(row, at);
    }

    /** Puts a whole row as it is, where nothing is to be spread. */
    void put(Rows rows, int index) {
        rows.get(index, row);
    }

    /** Puts a number behind those that go by vectors. */
    void put(int at, float number) {
        row[at] = number;
    }

    /**
     * Writes the row that was put.
     *
     * @param rounded [rows, length] bytes
     * @param index of the row
     * @return the size of a step; NaN if one of the numbers is, or is infinite
     */
    float write(ByteBuffer rounded, int index) {
        for (int half = Lanes.COUNT; half < block; half *= 2) {
            acrossVectors(half);
        }
        blocks.add(row, whole);
        float step = Math.max(largest() / LARGEST, SMALLEST_STEP);
        float inverse = 1 / step;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector steps =
                    FloatVector.fromArray(Lanes.FLOATS, row, i).mul(inverse).add(CENTRE);
            IntVector whole = (IntVector) steps.convertShape(VectorOperators.F2I, Lanes.INTS, 0);
            Lanes.bytes(whole).intoArray(numbers, i);
        }
        for (int i = whole; i < length; i++) {
            numbers[i] = (byte) (int) (row[i] * inverse + CENTRE);
        }
        rounded.put(index * length, numbers);
        return step * scale;
    }

    private void acrossVectors(int half) {
        for (int start = 0; start < whole; start += 2 * half) {
            for (int i = start; i < start + half; i += Lanes.COUNT) {
                FloatVector a = FloatVector.fromArray(Lanes.FLOATS, row, i);
                FloatVector b = FloatVector.fromArray(Lanes.FLOATS, row, i + half);
                a.add(b).intoArray(row, i);
                a.sub(b).intoArray(row, i + half);
            }
        }
    }

    /** The largest absolute number; NaN wins, since the bits of one are greater than all others. */
    private float largest() {
        IntVector most = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector v = FloatVector.fromArray(Lanes.FLOATS, row, i);
            most = most.max(v.reinterpretAsInts().and(WITHOUT_SIGN));
        }
        int bits = most.reduceLanes(VectorOperators.MAX);
        for (int i = whole; i < length; i++) {
            bits = Math.max(bits, Float.floatToRawIntBits(row[i]) & WITHOUT_SIGN);
        }
        float largest = Float.intBitsToFloat(bits);
        return largest == Float.POSITIVE_INFINITY ? Float.NaN : largest;
    }

    private static FloatVector signs(int distance) {
        float[] signs = new float[Lanes.COUNT];
        for (int lane = 0; lane < signs.length; lane++) {
            signs[lane] = (lane & distance) == 0 ? 1 : -1;
        }
        return FloatVector.fromArray(Lanes.FLOATS, signs, 0);
    }
}
