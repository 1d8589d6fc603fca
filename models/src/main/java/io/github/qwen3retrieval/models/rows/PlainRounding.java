package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;

/** Rows rounded to 8 bits as they are. */
public final class PlainRounding {

    private final RowRounding rounding;

    /** For rows of so many numbers. */
    public PlainRounding(int length) {
        rounding = new RowRounding(length, 1);
    }

    /**
     * Rounds rows.
     *
     * @param numbers [more rows, length]
     * @param first of them that is rounded
     * @param rounded [rows, length] to be written
     * @param steps [rows] to be written: what a step is worth
     */
    public void run(Rows numbers, int first, ByteBuffer rounded, float[] steps) {
        for (int i = 0; i < steps.length; i++) {
            rounding.put(numbers, first + i);
            steps[i] = rounding.write(rounded, i);
        }
    }
}
