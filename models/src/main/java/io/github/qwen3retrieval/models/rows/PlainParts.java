package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;

/** Rows taken apart into bfloat16 parts ({@link RowParts}) as they are. */
public final class PlainParts {

    private final float[] row;
    private final RowParts parts;

    /** For rows of so many numbers, and as many parts of each. */
    public PlainParts(int length, int count) {
        row = new float[length];
        parts = new RowParts(length, count);
    }

    /**
     * Takes rows apart.
     *
     * @param numbers [more rows, length]
     * @param first of them that is taken
     * @param rows how many are
     * @param to [parts, rows, length] to be written
     */
    public void run(Rows numbers, int first, int rows, ByteBuffer to) {
        for (int i = 0; i < rows; i++) {
            numbers.get(first + i, row);
            parts.write(row, to, i, rows);
        }
    }
}
