package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** RMSNorm of the residual stream, taken apart into bfloat16 parts ({@link RowParts}). */
public final class NormParts {

    private final float epsilon;
    private final float[] row;
    private final RowParts parts;

    /**
     * For rows of so many numbers, and as many parts of each.
     *
     * @param epsilon added to the mean square
     */
    public NormParts(int length, int count, float epsilon) {
        this.epsilon = epsilon;
        row = new float[length];
        parts = new RowParts(length, count);
    }

    /**
     * Takes rows apart.
     *
     * @param stream [more rows, length]
     * @param first row of the stream that is taken
     * @param rows how many are
     * @param gain [length]
     * @param to [parts, rows, length] to be written
     */
    public void run(Rows stream, int first, int rows, float[] gain, ByteBuffer to) {
        for (int i = 0; i < rows; i++) {
            stream.get(first + i, row);
            scale(gain, (float) (1 / Math.sqrt(squares() / row.length + epsilon)));
            parts.write(row, to, i, rows);
        }
    }

    private float squares() {
        int whole = Lanes.whole(row.length);
        FloatVector squares = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector x = FloatVector.fromArray(Lanes.FLOATS, row, i);
            squares = x.fma(x, squares);
        }
        float sum = Lanes.sum(squares);
        for (int i = whole; i < row.length; i++) {
            sum += row[i] * row[i];
        }
        return sum;
    }

    private void scale(float[] gain, float inverse) {
        int whole = Lanes.whole(row.length);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, row, i)
                    .mul(inverse)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, gain, i))
                    .intoArray(row, i);
        }
        for (int i = whole; i < row.length; i++) {
            row[i] = row[i] * inverse * gain[i];
        }
    }
}
