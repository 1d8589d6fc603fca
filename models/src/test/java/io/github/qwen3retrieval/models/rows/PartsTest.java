package io.github.qwen3retrieval.models.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three bfloat16 parts are the number itself, one is the number rounded. */
class PartsTest {

    private static final int ROWS = 3;
    private static final float EPSILON = 1e-6f;
    private static final double TWO_TO_8 = 256;

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 24, 100, 1024})
    void threePartsAddUpToTheNumber(int length) {
        Random random = new Random(length);
        float[] numbers = new float[(ROWS + 1) * length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(-60, 60));
        }
        ByteBuffer to = memory(3 * ROWS * length);
        new PlainParts(length, 3).run(Rows.float32(Numbers.memory(numbers), length), 1, ROWS, to);
        for (int i = 0; i < ROWS * length; i++) {
            float small = number(to, i);
            float middle = number(to, ROWS * length + i);
            float large = number(to, 2 * ROWS * length + i);
            assertEquals(numbers[length + i], small + middle + large);
            assertTrue(Math.abs(middle) <= Math.abs(large) / TWO_TO_8);
            assertTrue(Math.abs(small) <= Math.abs(middle) / TWO_TO_8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 16, 100})
    void onePartIsTheNearest(int length) {
        float[] numbers = Numbers.random(ROWS * length, length);
        ByteBuffer to = memory(ROWS * length);
        new PlainParts(length, 1).run(Rows.float32(Numbers.memory(numbers), length), 0, ROWS, to);
        for (int i = 0; i < numbers.length; i++) {
            float error = Math.abs(number(to, i) - numbers[i]);
            assertTrue(error <= Math.abs(numbers[i]) / TWO_TO_8, numbers[i] + " off by " + error);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 36, 100, 1024})
    void aNormIsAsInFloat32(int length) {
        float[] stream = Numbers.random((ROWS + 1) * length, length);
        float[] gain = Numbers.random(length, -length);
        ByteBuffer to = memory(3 * ROWS * length);
        new NormParts(length, 3, EPSILON)
                .run(Rows.float32(Numbers.memory(stream), length), 1, ROWS, gain, to);
        for (int i = 0; i < ROWS; i++) {
            double squares = 0;
            for (int j = 0; j < length; j++) {
                squares += Math.pow(stream[(i + 1) * length + j], 2);
            }
            double rms = Math.sqrt(squares / length + EPSILON);
            for (int j = 0; j < length; j++) {
                double expected = stream[(i + 1) * length + j] / rms * gain[j];
                assertNear(expected, sum(to, ROWS * length, i * length + j), 5e-7);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 10", "48, 80", "100, 1", "3072, 30"})
    void aGateIsSiluTimesUpAsInFloat32(int length, float size) {
        float[] both = Numbers.random(ROWS * 2 * length, length);
        for (int i = 0; i < both.length; i++) {
            both[i] *= size;
        }
        ByteBuffer to = memory(3 * ROWS * length);
        new GateParts(length, 3).run(Rows.float32(Numbers.memory(both), 2 * length), ROWS, to);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < length; j++) {
                double gate = both[i * 2 * length + j];
                double up = both[i * 2 * length + length + j];
                double expected = gate / (1 + Math.exp(-gate)) * up;
                assertNear(expected, sum(to, ROWS * length, i * length + j), 5e-7);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN, 3", "NaN, 17", "Infinity, 3", "-Infinity, 17"})
    void whatIsNoNumberStaysNone(float number, int at) {
        float[] row = Numbers.random(18, 1);
        row[at] = number;
        ByteBuffer to = memory(3 * 18);
        new PlainParts(18, 3).run(Rows.float32(Numbers.memory(row), 18), 0, 1, to);
        for (int i = 0; i < 18; i++) {
            assertEquals(i != at, Float.isFinite(sum(to, 18, i)), "number " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"7, false", "7, true", "48, false", "100, true"})
    void sumsAreWrittenOrAddedToTheRowsThatAreMeant(int length, boolean add) {
        float[] products = Numbers.random(3 * 2 * length, length);
        float[] before = Numbers.random(4 * length, -length);
        ByteBuffer memory = Numbers.memory(before);
        new PartSum(length, 3)
                .run(
                        Rows.float32(Numbers.memory(products), length),
                        2,
                        Rows.float32(memory, length),
                        1,
                        add);
        for (int i = 0; i < before.length; i++) {
            int at = i - length;
            boolean written = at >= 0 && at < 2 * length;
            double expected = written && add == false ? 0 : before[i];
            for (int part = 0; written && part < 3; part++) {
                expected += products[part * 2 * length + at];
            }
            assertEquals(expected, memory.getFloat(i * Float.BYTES), 1e-5, "number " + i);
        }
        assertFalse(add && before[length] == memory.getFloat(length * Float.BYTES));
    }

    private static ByteBuffer memory(int numbers) {
        return ByteBuffer.allocateDirect(numbers * Short.BYTES).order(ByteOrder.nativeOrder());
    }

    private static float number(ByteBuffer parts, int at) {
        return Float.intBitsToFloat(parts.getShort(at * Short.BYTES) << 16);
    }

    private static float sum(ByteBuffer parts, int stride, int at) {
        return number(parts, at) + number(parts, stride + at) + number(parts, 2 * stride + at);
    }

    private static void assertNear(double expected, float actual, double tolerance) {
        // a gate that is shut lets some e⁻⁸⁷ through
        double allowed = tolerance * Math.abs(expected) + 1e-30;
        assertTrue(Math.abs(expected - actual) <= allowed, expected + " but " + actual);
    }
}
