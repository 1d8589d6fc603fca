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
    private final int stride;
    private final int first;

    private Rows(int length, int stride, int first) {
        this.length = length;
        this.stride = stride;
        this.first = first;
    }

    /**
     * Rows of float32.
     *
     * @param memory of whole rows, to be kept by the caller as long as they are used
     * @param length numbers of a row
     */
    public static Rows float32(ByteBuffer memory, int length) {
        return new Float32(floats(memory), length, length, 0);
    }

    /** Rows of bfloat16, likewise. */
    public static Rows bfloat16(ByteBuffer memory, int length) {
        return new Bfloat16(shorts(memory), length, length, 0);
    }

    private static FloatBuffer floats(ByteBuffer memory) {
        return memory.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static ShortBuffer shorts(ByteBuffer memory) {
        return memory.duplicate().order(ByteOrder.nativeOrder()).asShortBuffer();
    }

    /**
     * Some columns of these rows, in the same memory: rows of {@code count} numbers.
     *
     * @param from the first of them
     */
    public final Rows columns(int from, int count) {
        return columns(count, stride, first + from);
    }

    abstract Rows columns(int length, int stride, int first);

    /** Numbers of a row. */
    final int length() {
        return length;
    }

    /** Copies a row out, which fills the beginning of the array. */
    final void get(int index, float[] row) {
        read(at(index), row, length);
    }

    /** Writes a row, the beginning of the array. */
    final void put(int index, float[] row) {
        write(at(index), row, length);
    }

    /** Copies numbers of a row out, from one on, as many as fill the array. */
    final void get(int index, int from, float[] part) {
        read(at(index) + from, part, part.length);
    }

    /** Writes numbers of a row, from one on, all of the array. */
    final void put(int index, int from, float[] part) {
        write(at(index) + from, part, part.length);
    }

    private int at(int index) {
        return index * stride + first;
    }

    /** Copies so many numbers from a place on. */
    abstract void read(int at, float[] to, int count);

    /** Writes so many numbers from a place on. */
    abstract void write(int at, float[] from, int count);

    private static final class Float32 extends Rows {

        private final FloatBuffer numbers;

        Float32(FloatBuffer numbers, int length, int stride, int first) {
            super(length, stride, first);
            this.numbers = numbers;
        }

        @Override
        Rows columns(int length, int stride, int first) {
            return new Float32(numbers, length, stride, first);
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

        Bfloat16(ShortBuffer numbers, int length, int stride, int first) {
            super(length, stride, first);
            this.numbers = numbers;
            halves = new short[length];
        }

        @Override
        Rows columns(int length, int stride, int first) {
            return new Bfloat16(numbers, length, stride, first);
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
