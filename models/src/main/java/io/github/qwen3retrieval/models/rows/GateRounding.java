package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** The gate of the feed-forward network, {@link Silu} of the gate times up, rounded to 8 bits. */
public final class GateRounding {

    private final float[] row;
    private final RowRounding rounding;

    /** For rows of so many numbers behind the gate, spread over blocks of so many. */
    public GateRounding(int length, int block) {
        row = new float[2 * length];
        rounding = new RowRounding(length, block);
    }

    /**
     * Rounds rows.
     *
     * @param gateAndUp [rows, 2 · length], what is to be gated behind the gates; both in steps
     * @param rounded [rows, length] to be written
     * @param steps [rows] what a step is worth, to be overwritten by what one is worth afterwards
     */
    public void run(Rows gateAndUp, ByteBuffer rounded, float[] steps) {
        for (int i = 0; i < steps.length; i++) {
            gateAndUp.get(i, row);
            put(steps[i]);
            steps[i] *= rounding.write(rounded, i);
        }
    }

    private void put(float step) {
        int length = row.length / 2;
        int whole = rounding.whole();
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector gate = FloatVector.fromArray(Lanes.FLOATS, row, i).mul(step);
            FloatVector up = FloatVector.fromArray(Lanes.FLOATS, row, length + i);
            rounding.put(i, Silu.of(gate).mul(up));
        }
        for (int i = whole; i < length; i++) {
            rounding.put(i, Silu.of(row[i] * step) * row[length + i]);
        }
    }
}
