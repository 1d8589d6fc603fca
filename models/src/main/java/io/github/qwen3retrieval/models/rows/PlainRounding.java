package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Rows rounded to 8 bits as they are. */
public final class PlainRounding {

    private final float[] row;
    private final RowRounding rounding;

    /** For rows of so many numbers. */
    public PlainRounding(int length) {
        row = new float[length];
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
        int whole = rounding.whole();
        for (int i = 0; i < steps.length; i++) {
            numbers.get(first + i, row);
            for (int j = 0; j < whole; j += Lanes.COUNT) {
                rounding.put(j, FloatVector.fromArray(Lanes.FLOATS, row, j));
            }
            for (int j = whole; j < row.length; j++) {
                rounding.put(j, row[j]);
            }
            steps[i] = rounding.write(rounded, i);
        }
    }
}
