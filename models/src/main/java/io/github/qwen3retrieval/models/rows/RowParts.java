package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/**
 * Takes a row of float32 numbers apart into bfloat16 ones that add up to it. bfloat16 holds 8
 * significant bits and the exponents of float32: the first part is the number rounded, the second
 * the rest of it rounded, and the third what is left then, which has 8 bits or fewer. So three
 * parts are the number itself, but for what lies below 2⁻¹²⁶, and one is the number rounded.
 *
 * <p>The parts of all rows stand one behind the other, the smallest first, so that sums over them
 * begin with it. For one thread at a time.
 */
final class RowParts {

    private final int length;
    private final short[][] parts;

    /** For rows of so many numbers and as many parts of each, 1 or 3. */
    RowParts(int length, int count) {
        this.length = length;
        parts = new short[count][length];
    }

    /**
     * Writes the parts of a row.
     *
     * @param row fills the array from its beginning on
     * @param to [parts, rows, length]
     * @param index of the row
     * @param rows in all
     */
    void write(float[] row, ByteBuffer to, int index, int rows) {
        int whole = Lanes.whole(length);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector rest = FloatVector.fromArray(Lanes.FLOATS, row, i);
            for (int part = parts.length - 1; part > 0; part--) {
                ShortVector rounded = Lanes.bfloat16(rest);
                rounded.intoArray(parts[part], i);
                rest = rest.sub(Lanes.floats(rounded));
            }
            Lanes.bfloat16(rest).intoArray(parts[0], i);
        }
        for (int i = whole; i < length; i++) {
            float rest = row[i];
            for (int part = parts.length - 1; part > 0; part--) {
                parts[part][i] = Lanes.bfloat16(rest);
                rest -= Lanes.floats(parts[part][i]);
            }
            parts[0][i] = Lanes.bfloat16(rest);
        }
        ShortBuffer numbers = to.duplicate().order(ByteOrder.nativeOrder()).asShortBuffer();
        for (int part = 0; part < parts.length; part++) {
            numbers.put((part * rows + index) * length, parts[part]);
        }
    }
}
