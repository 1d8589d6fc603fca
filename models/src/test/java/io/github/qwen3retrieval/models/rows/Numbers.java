package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Rows of random numbers in native memory, and what ought to come of them. */
final class Numbers {

    private Numbers() {}

    /** Numbers of a normal distribution, with a few large ones among them. */
    static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian() * (random.nextInt(40) == 0 ? 30 : 1);
        }
        return numbers;
    }

    /** The numbers as float32 in native memory. */
    static ByteBuffer memory(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(numbers.length * Float.BYTES);
        bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().put(numbers);
        return bytes;
    }

    /** A row of rows in native memory. */
    static float[] row(Rows rows, int index) {
        float[] row = new float[rows.length()];
        rows.get(index, row);
        return row;
    }

    /**
     * Blocks of a row times the Hadamard matrix of Sylvester: its sign at i, j is that of (-1) to
     * the number of bits that i and j share.
     */
    static double[] spread(double[] row, int block) {
        double[] spread = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            int start = i / block * block;
            for (int j = 0; j < block; j++) {
                int sign = Integer.bitCount((i - start) & j) % 2 == 0 ? 1 : -1;
                spread[i] += sign * row[start + j] / Math.sqrt(block);
            }
        }
        return spread;
    }

    /** How far rounded bytes are from the numbers, in steps. */
    static double farthest(double[] expected, ByteBuffer rounded, int offset, float step) {
        double farthest = 0;
        for (int i = 0; i < expected.length; i++) {
            int steps = Byte.toUnsignedInt(rounded.get(offset + i)) - 128;
            farthest = Math.max(farthest, Math.abs(steps - expected[i] / step));
        }
        return farthest;
    }

    static double largest(double[] row) {
        double largest = 0;
        for (double number : row) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }
}
