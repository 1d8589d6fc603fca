package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/** The numbers of a tensor [rows, length] in native memory, a row at a time. */
public abstract sealed class Rows {

    private final int length;

    private Rows(int length) {
        this.length = length;
    }

    /**
     * Rows of float32.
     *
     * @param memory of whole rows, to be kept by the caller as long as they are used
     * @param length numbers of a row
     */
    public static Rows float32(ByteBuffer memory, int length) {
        return new Float32(memory, length);
    }

    /** Rows of bfloat16, likewise. */
    public static Rows bfloat16(ByteBuffer memory, int length) {
        return new Bfloat16(memory, length);
    }

    /** Numbers of a row. */
    final int length() {
        return length;
    }

    /** Copies a row out, which fills the beginning of the array. */
    abstract void get(int index, float[] row);

    /** Writes a row, the beginning of the array. */
    abstract void put(int index, float[] row);

    private static final class Float32 extends Rows {

        private final FloatBuffer numbers;

        Float32(ByteBuffer memory, int length) {
            super(length);
            numbers = memory.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        @Override
        void get(int index, float[] row) {
            numbers.get(index * length(), row, 0, length());
        }

        @Override
        void put(int index, float[] row) {
            numbers.put(index * length(), row, 0, length());
        }
    }

    private static final class Bfloat16 extends Rows {

        private final ShortBuffer numbers;
        private final short[] halves;

        Bfloat16(ByteBuffer memory, int length) {
            super(length);
            numbers = memory.duplicate().order(ByteOrder.nativeOrder()).asShortBuffer();
            halves = new short[length];
        }

        @Override
        void get(int index, float[] row) {
            numbers.get(index * halves.length, halves);
            int whole = Lanes.whole(halves.length);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                Lanes.floats(ShortVector.fromArray(Lanes.SHORTS, halves, i)).intoArray(row, i);
            }
            for (int i = whole; i < halves.length; i++) {
                row[i] = Lanes.floats(halves[i]);
            }
        }

        @Override
        void put(int index, float[] row) {
            int whole = Lanes.whole(halves.length);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                Lanes.bfloat16(FloatVector.fromArray(Lanes.FLOATS, row, i)).intoArray(halves, i);
            }
            for (int i = whole; i < halves.length; i++) {
                halves[i] = Lanes.bfloat16(row[i]);
            }
            numbers.put(index * halves.length, halves);
        }
    }
}
