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
    final void get(int index, float[] row) {
        read(index * length, row, length);
    }

    /** Writes a row, the beginning of the array. */
    final void put(int index, float[] row) {
        write(index * length, row, length);
    }

    /** Copies numbers of a row out, from one on, as many as fill the array. */
    final void get(int index, int from, float[] part) {
        read(index * length + from, part, part.length);
    }

    /** Writes numbers of a row, from one on, all of the array. */
    final void put(int index, int from, float[] part) {
        write(index * length + from, part, part.length);
    }

    /** Copies so many numbers from a place on. */
    abstract void read(int at, float[] to, int count);

    /** Writes so many numbers from a place on. */
    abstract void write(int at, float[] from, int count);

    private static final class Float32 extends Rows {

        private final FloatBuffer numbers;

        Float32(ByteBuffer memory, int length) {
            super(length);
            numbers = memory.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        @Override
        void read(int at, float[] to, int count) {
            numbers.get(at, to, 0, count);
        }

        @Override
        void write(int at, float[] from, int count) {
            numbers.put(at, from, 0, count);
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
        void read(int at, float[] to, int count) {
            numbers.get(at, halves, 0, count);
            int whole = Lanes.whole(count);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                Lanes.floats(ShortVector.fromArray(Lanes.SHORTS, halves, i)).intoArray(to, i);
            }
            for (int i = whole; i < count; i++) {
                to[i] = Lanes.floats(halves[i]);
            }
        }

        @Override
        void write(int at, float[] from, int count) {
            int whole = Lanes.whole(count);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                Lanes.bfloat16(FloatVector.fromArray(Lanes.FLOATS, from, i)).intoArray(halves, i);
            }
            for (int i = whole; i < count; i++) {
                halves[i] = Lanes.bfloat16(from[i]);
            }
            numbers.put(at, halves, 0, count);
        }
    }
}
