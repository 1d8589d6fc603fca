package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * RMSNorm of the residual stream, rounded to 8 bits. The norm is a gain per channel and a factor
 * per token; rounding does not see the factor, so it goes into the size of the steps.
 */
public final class NormRounding {

    private final float epsilon;
    private final float[] row;
    private final RowRounding rounding;

    /**
     * For rows of so many numbers.
     *
     * @param block see {@link io.github.qwen3retrieval.models.int8.BlockHadamard}
     * @param epsilon added to the mean square
     */
    public NormRounding(int length, int block, float epsilon) {
        this.epsilon = epsilon;
        row = new float[length];
        rounding = new RowRounding(length, block);
    }

    /**
     * Rounds rows.
     *
     * @param stream [more rows, length]
     * @param first row of the stream that is rounded
     * @param gain [length]
     * @param rounded [rows, length] to be written
     * @param steps [rows] to be written: what a step is worth behind the norm
     */
    public void run(Rows stream, int first, float[] gain, ByteBuffer rounded, float[] steps) {
        for (int i = 0; i < steps.length; i++) {
            stream.get(first + i, row);
            float squares = put(gain);
            float step = rounding.write(rounded, i);
            steps[i] = (float) (step / Math.sqrt(squares / row.length + epsilon));
        }
    }

    /** Puts the row times the gain, and gives the sum of the squares before that. */
    private float put(float[] gain) {
        int whole = rounding.whole();
        FloatVector squares = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, row, i);
            squares = x.fma(x, squares);
            rounding.put(i, x.mul(FloatVector.fromArray(Lanes.FLOATS, gain, i)));
        }
        float sum = Lanes.sum(squares);
        for (int i = whole; i < row.length; i++) {
            sum += row[i] * row[i];
            rounding.put(i, row[i] * gain[i]);
        }
        return sum;
    }
}
