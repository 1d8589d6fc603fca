package io.github.qwen3retrieval.models.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries and keys are normalised and rotated head by head, values are what they were. */
class HeadRotationTest {

    private static final int ROWS = 3;
    private static final int FIRST = 2;
    private static final int HEADS = 4;
    private static final int KEY_HEADS = 2;
    private static final float EPSILON = 1e-3f;

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 16, 36, 64, 128})
    void everyHeadIsTurnedByTheAnglesOfItsToken(int dimensions) {
        int width = (HEADS + 2 * KEY_HEADS) * dimensions;
        float[] projected = Numbers.random(ROWS * width, dimensions);
        float[] worth = {0.01f, 1, 3};
        HeadRotation.Gains gains =
                new HeadRotation.Gains(
                        Numbers.random(dimensions, 1), Numbers.random(dimensions, 2));
        HeadRotation.Angles angles = angles((FIRST + ROWS) * dimensions / 2);
        HeadRotation.Heads heads =
                new HeadRotation.Heads(
                        empty(HEADS * dimensions),
                        empty(KEY_HEADS * dimensions),
                        empty(KEY_HEADS * dimensions));
        new HeadRotation(HEADS, KEY_HEADS, dimensions, EPSILON)
                .run(
                        Rows.float32(Numbers.memory(projected), width),
                        worth,
                        gains,
                        angles,
                        heads,
                        FIRST);
        for (int i = 0; i < ROWS; i++) {
            float[] row = Arrays.copyOfRange(projected, i * width, (i + 1) * width);
            for (int j = 0; j < width; j++) {
                row[j] *= worth[i];
            }
            int token = FIRST + i;
            int keys = HEADS * dimensions;
            int values = keys + KEY_HEADS * dimensions;
            same(turned(row, 0, HEADS, gains.queries(), angles, token), heads.queries(), token);
            same(turned(row, keys, KEY_HEADS, gains.keys(), angles, token), heads.keys(), token);
            double[] plain = new double[KEY_HEADS * dimensions];
            Arrays.setAll(plain, j -> row[values + j]);
            same(plain, heads.values(), token);
        }
    }

    private static HeadRotation.Angles angles(int count) {
        Random random = new Random(count);
        float[] cosines = new float[count];
        float[] sines = new float[count];
        for (int i = 0; i < count; i++) {
            double angle = random.nextDouble() * 2 * Math.PI;
            cosines[i] = (float) Math.cos(angle);
            sines[i] = (float) Math.sin(angle);
        }
        return new HeadRotation.Angles(cosines, sines);
    }

    private static Rows empty(int length) {
        return Rows.float32(Numbers.memory(new float[(FIRST + ROWS) * length]), length);
    }

    private static double[] turned(
            float[] row, int from, int heads, float[] gain, HeadRotation.Angles angles, int token) {
        int dimensions = gain.length;
        int half = dimensions / 2;
        double[] turned = new double[heads * dimensions];
        for (int head = 0; head < heads; head++) {
            int start = head * dimensions;
            double squares = 0;
            for (int i = 0; i < dimensions; i++) {
                squares += (double) row[from + start + i] * row[from + start + i];
            }
            double rms = Math.sqrt(squares / dimensions + EPSILON);
            for (int i = 0; i < half; i++) {
                double a = row[from + start + i] / rms * gain[i];
                double b = row[from + start + half + i] / rms * gain[half + i];
                double cos = angles.cosines()[token * half + i];
                double sin = angles.sines()[token * half + i];
                turned[start + i] = a * cos - b * sin;
                turned[start + half + i] = b * cos + a * sin;
            }
        }
        return turned;
    }

    private static void same(double[] expected, Rows actual, int token) {
        float[] row = Numbers.row(actual, token);
        double largest = Numbers.largest(expected);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], row[i], 1e-5 * largest, "at " + i);
        }
    }
}
