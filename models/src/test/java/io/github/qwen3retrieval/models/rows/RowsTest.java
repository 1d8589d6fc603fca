package io.github.qwen3retrieval.models.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Rows come back as they were put, and sums are those of the rows. */
class RowsTest {

    private static final int LENGTH = 21;

    @Test
    void bfloat16IsTheNearestOfItsNumbersAndEvenBetweenTwo() {
        // bfloat16 has 7 bits behind the point: steps of 1/128 from 1 on
        float step = 1f / 128;
        float[] numbers = new float[LENGTH];
        float[] expected = new float[LENGTH];
        float[][] pairs = {
            {1 + 0.4f * step, 1},
            {1 + 0.6f * step, 1 + step},
            {1 + 0.5f * step, 1},
            {1 + 1.5f * step, 1 + 2 * step},
            {-1 - 1.5f * step, -1 - 2 * step},
            {2 - 0.1f * step, 2},
            {Float.MAX_VALUE, Float.POSITIVE_INFINITY},
            {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY},
            {-0f, -0f},
            {Float.MIN_VALUE, 0}
        };
        for (int i = 0; i < LENGTH; i++) {
            numbers[i] = pairs[i % pairs.length][0];
            expected[i] = pairs[i % pairs.length][1];
        }
        numbers[5] = Float.NaN;
        expected[5] = Float.NaN;
        numbers[20] = Float.NaN;
        expected[20] = Float.NaN;
        Rows rows = Rows.bfloat16(ByteBuffer.allocateDirect(2 * LENGTH * Short.BYTES), LENGTH);
        rows.put(1, numbers);
        assertArrayEquals(expected, Numbers.row(rows, 1));
        assertArrayEquals(new float[LENGTH], Numbers.row(rows, 0));
    }

    @Test
    void productsAreAddedInWhatAStepIsWorth() {
        float[] product = Numbers.random(2 * LENGTH, 1);
        float[] before = Numbers.random(3 * LENGTH, 2);
        float[] worth = {0.5f, Float.NaN};
        Rows stream = Rows.float32(Numbers.memory(before), LENGTH);
        new StepSum(LENGTH).run(Rows.float32(Numbers.memory(product), LENGTH), worth, stream, 1);
        for (int i = 0; i < LENGTH; i++) {
            assertEquals(before[i], Numbers.row(stream, 0)[i]);
            float sum = before[LENGTH + i] + 0.5f * product[i];
            assertEquals(sum, Numbers.row(stream, 1)[i]);
            assertTrue(Float.isNaN(Numbers.row(stream, 2)[i]));
        }
    }
}
