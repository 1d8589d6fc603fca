package io.github.qwen3retrieval.models.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rows are rounded to the nearest of 255 steps, the largest number being 127 of them, whatever of
 * the row fills vectors.
 */
class RoundingTest {

    private static final int ROWS = 3;
    private static final double HALF_A_STEP = 0.5001;
    private static final float EPSILON = 1e-6f;

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "24, 8", "36, 4", "48, 16", "96, 32", "100, 4", "1024, 32"})
    void aNormIsRoundedAsItsRowIsSpread(int length, int block) {
        float[] stream = Numbers.random((ROWS + 1) * length, length);
        float[] gain = Numbers.random(length, -length);
        ByteBuffer rounded = ByteBuffer.allocateDirect(ROWS * length);
        float[] steps = new float[ROWS];
        new NormRounding(length, block, EPSILON)
                .run(Rows.float32(Numbers.memory(stream), length), 1, gain, rounded, steps);
        for (int i = 0; i < ROWS; i++) {
            double[] row = new double[length];
            double squares = 0;
            for (int j = 0; j < length; j++) {
                double x = stream[(i + 1) * length + j];
                squares += x * x;
                row[j] = x * gain[j];
            }
            double rms = Math.sqrt(squares / length + EPSILON);
            double[] expected = Numbers.spread(row, block);
            assertEquals(Numbers.largest(expected) / rms / 127, steps[i], 1e-5 * steps[i]);
            double farthest =
                    Numbers.farthest(expected, rounded, i * length, (float) (steps[i] * rms));
            assertTrue(farthest < HALF_A_STEP, farthest + " steps");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "48, 16", "96, 32", "100, 4", "3072, 32"})
    void aGateIsSiluTimesUp(int length, int block) {
        float[] gateAndUp = Numbers.random(ROWS * 2 * length, length);
        float[] worth = {0.5f, 2, 0.01f};
        float[] steps = worth.clone();
        ByteBuffer rounded = ByteBuffer.allocateDirect(ROWS * length);
        new GateRounding(length, block)
                .run(Rows.float32(Numbers.memory(gateAndUp), 2 * length), rounded, steps);
        for (int i = 0; i < ROWS; i++) {
            double[] row = new double[length];
            for (int j = 0; j < length; j++) {
                double gate = gateAndUp[i * 2 * length + j] * worth[i];
                double up = gateAndUp[i * 2 * length + length + j] * worth[i];
                row[j] = gate / (1 + Math.exp(-gate)) * up;
            }
            double[] expected = Numbers.spread(row, block);
            assertEquals(Numbers.largest(expected) / 127, steps[i], 1e-5 * steps[i]);
            double farthest = Numbers.farthest(expected, rounded, i * length, steps[i]);
            assertTrue(farthest < HALF_A_STEP, farthest + " steps");
        }
    }

    @Test
    void aGateIsOpenOrShutHoweverLargeItIs() {
        float[] gates = {-1e30f, -1e8f, -200, -100, 0, 100, 200, 1e8f};
        int length = gates.length;
        float[] both = new float[2 * length];
        for (int i = 0; i < length; i++) {
            both[i] = gates[i];
            both[length + i] = 1 / Math.max(1, Math.abs(gates[i]));
        }
        ByteBuffer rounded = ByteBuffer.allocateDirect(length);
        float[] steps = {1};
        new GateRounding(length, 1).run(Rows.float32(Numbers.memory(both), 16), rounded, steps);
        assertEquals(1.0f / 127, steps[0], 1e-6);
        for (int i = 0; i < length; i++) {
            int expected = gates[i] <= 0 ? 128 : 255;
            assertEquals(expected, Byte.toUnsignedInt(rounded.get(i)), "gate " + gates[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({"7", "16", "100"})
    void plainRowsAreRoundedFromBothTypes(int length) {
        float[] numbers = Numbers.random(2 * length, length);
        Rows halves = Rows.bfloat16(ByteBuffer.allocateDirect(2 * length * Short.BYTES), length);
        Rows whole = Rows.float32(Numbers.memory(numbers), length);
        halves.put(0, Numbers.row(whole, 0));
        halves.put(1, Numbers.row(whole, 1));
        for (Rows rows : new Rows[] {whole, halves}) {
            ByteBuffer rounded = ByteBuffer.allocateDirect(length);
            float[] steps = new float[1];
            new PlainRounding(length).run(rows, 1, rounded, steps);
            double[] expected = Numbers.spread(doubles(Numbers.row(rows, 1)), 1);
            assertEquals(Numbers.largest(expected) / 127, steps[0], 1e-5 * steps[0]);
            double farthest = Numbers.farthest(expected, rounded, 0, steps[0]);
            assertTrue(farthest < HALF_A_STEP, farthest + " steps");
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN, 3", "NaN, 17", "Infinity, 3", "-Infinity, 17"})
    void whatIsNoNumberMakesTheWholeRowNone(float number, int at) {
        float[] row = Numbers.random(18, 1);
        row[at] = number;
        ByteBuffer rounded = ByteBuffer.allocateDirect(18);
        float[] steps = new float[1];
        new PlainRounding(18).run(Rows.float32(Numbers.memory(row), 18), 0, rounded, steps);
        assertTrue(Float.isNaN(steps[0]), "step " + steps[0]);
    }

    @Test
    void zerosAreNoSteps() {
        ByteBuffer rounded = ByteBuffer.allocateDirect(18);
        float[] steps = new float[1];
        Rows zeros = Rows.float32(Numbers.memory(new float[18]), 18);
        new PlainRounding(18).run(zeros, 0, rounded, steps);
        assertTrue(steps[0] > 0 && steps[0] < 1e-20, "step " + steps[0]);
        for (int i = 0; i < 18; i++) {
            assertEquals((byte) 128, rounded.get(i));
        }
    }

    private static double[] doubles(float[] numbers) {
        double[] doubles = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            doubles[i] = numbers[i];
        }
        return doubles;
    }
}
