package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * The gate of the feed-forward network, {@link Silu} of the gate times up, taken apart into
 * bfloat16 parts ({@link RowParts}).
 */
public final class GateParts {

    private final float[] row;
    private final RowParts parts;

    /** For rows of so many numbers behind the gate, and as many parts of each. */
    public GateParts(int length, int count) {
        row = new float[2 * length];
        parts = new RowParts(length, count);
    }

    /**
     * Takes rows apart.
     *
     * @param gateAndUp [rows, 2 · length], what is to be gated behind the gates
     * @param rows how many
     * @param to [parts, rows, length] to be written
     */
    public void run(Rows gateAndUp, int rows, ByteBuffer to) {
        for (int i = 0; i < rows; i++) {
            gateAndUp.get(i, row);
            gate();
            parts.write(row, to, i, rows);
        }
    }

    /** Into the first half of the row. */
    private void gate() {
        int length = row.length / 2;
        int whole = Lanes.whole(length);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector gate = FloatVector.fromArray(Lanes.FLOATS, row, i);
            FloatVector up = FloatVector.fromArray(Lanes.FLOATS, row, length + i);
            Silu.of(gate).mul(up).intoArray(row, i);
        }
        for (int i = whole; i < length; i++) {
            row[i] = Silu.of(row[i]) * row[length + i];
        }
    }
}
