package io.github.qwen3retrieval.models.int8;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transform changes no product in exact arithmetic, and leaves no channel of a block alone. */
class BlockHadamardTest {

    private static final float EXACT = 1e-6f;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private float[] row(int size) {
        float[] row = new float[size];
        for (int i = 0; i < size; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 80, 96, 1024, 2560, 9728})
    void isOrthogonalAndItsOwnInverse(int size) {
        BlockHadamard hadamard = new BlockHadamard(size);
        assertEquals(0, size % hadamard.block());
        float[] a = row(size);
        float[] b = row(size);
        float[] spreadA = a.clone();
        float[] spreadB = b.clone();
        hadamard.transform(spreadA);
        hadamard.transform(spreadB);
        double lengths = Math.sqrt(dot(a, a) * dot(b, b));
        assertEquals(dot(a, b), dot(spreadA, spreadB), EXACT * lengths, "seed " + seed);
        hadamard.transform(spreadA);
        assertArrayEquals(a, spreadA, 10 * EXACT, "seed " + seed);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 80, 96, 1024})
    void isTheProductWithItsMatrixOnRowsAndOnColumns(int size) {
        BlockHadamard hadamard = new BlockHadamard(size);
        int n = hadamard.block();
        float[] matrix = matrix(n);
        float[] a = row(n);
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                expected[j] += a[i] * matrix[i * n + j];
            }
        }
        float[] asRow = a.clone();
        hadamard.transform(asRow);
        assertArrayEquals(expected, asRow, 10 * EXACT, "seed " + seed);
        float[] twice = new float[2 * n];
        for (int i = 0; i < n; i++) {
            twice[2 * i] = a[i];
            twice[2 * i + 1] = -a[i];
        }
        hadamard.transformRows(twice);
        for (int i = 0; i < n; i++) {
            assertEquals(expected[i], twice[2 * i], 10 * EXACT, "seed " + seed);
            assertEquals(-expected[i], twice[2 * i + 1], 10 * EXACT, "seed " + seed);
        }
    }

    /**
     * The matrix of Sylvester: its sign at i, j is that of (-1) to the number of bits they share.
     */
    private static float[] matrix(int n) {
        float[] matrix = new float[n * n];
        for (int i = 0; i < matrix.length; i++) {
            int sign = Integer.bitCount(i / n & i % n) % 2 == 0 ? 1 : -1;
            matrix[i] = (float) (sign / Math.sqrt(n));
        }
        return matrix;
    }

    @ParameterizedTest
    @ValueSource(ints = {96, 1024, 9728})
    void anOutlierIsSpreadOverItsBlock(int size) {
        float[] row = new float[size];
        int channel = random.nextInt(size);
        row[channel] = 50;
        new BlockHadamard(size).transform(row);
        for (float number : row) {
            assertTrue(Math.abs(number) < 9, "channel " + channel);
        }
    }
}
