package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
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
        FloatBuffer numbers = memory.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
        return new Float32(numbers, length, new Place(length, 0));
    }

    /** Rows of bfloat16, likewise. For one thread at a time. */
    public static Rows bfloat16(ByteBuffer memory, int length) {
        ShortBuffer numbers = memory.duplicate().order(ByteOrder.nativeOrder()).asShortBuffer();
        return new Bfloat16(numbers, length, new Place(length, 0));
    }

    /** Rows that begin with those of the first and go on with those of the next. */
    public static Rows beside(List<Rows> columns) {
        return columns.size() == 1 ? columns.get(0) : new Beside(columns.toArray(Rows[]::new));
    }

    /** Numbers of a row. */
    final int length() {
        return length;
    }

    /** Copies a row out, which fills the beginning of the array. */
    final void get(int index, float[] row) {
        read(index, row, 0);
    }

    /** Writes a row, the beginning of the array. */
    final void put(int index, float[] row) {
        write(index, row, 0);
    }

    /**
     * Some columns of these rows, in the same memory.
     *
     * @param from the first of them
     * @param count numbers of a row that are left
     */
    public abstract Rows columns(int from, int count);

    /** These rows from one on, in the same memory. */
    public abstract Rows from(int index);

    /** Copies a row to a place. */
    abstract void read(int index, float[] to, int at);

    /** Writes a row from a place on. */
    abstract void write(int index, float[] from, int at);

    /**
     * Where rows lie in memory.
     *
     * @param stride numbers from a row to the next
     * @param first number of the first row
     */
    private record Place(int stride, int first) {

        int of(int index) {
            return index * stride + first;
        }

        Place right(int columns) {
            return new Place(stride, first + columns);
        }

        Place down(int rows) {
            return new Place(stride, of(rows));
        }
    }

    private static final class Float32 extends Rows {

        private final FloatBuffer numbers;
        private final Place place;

        Float32(FloatBuffer numbers, int length, Place place) {
            super(length);
            this.numbers = numbers;
            this.place = place;
        }

        @Override
        public Rows columns(int from, int count) {
            return new Float32(numbers, count, place.right(from));
        }

        @Override
        public Rows from(int index) {
            return new Float32(numbers, length(), place.down(index));
        }

        @Override
        void read(int index, float[] to, int at) {
            numbers.get(place.of(index), to, at, length());
        }

        @Override
        void write(int index, float[] from, int at) {
            numbers.put(place.of(index), from, at, length());
        }
    }

    private static final class Bfloat16 extends Rows {

        private final ShortBuffer numbers;
        private final Place place;
        private final short[] halves;

        Bfloat16(ShortBuffer numbers, int length, Place place) {
            super(length);
            this.numbers = numbers;
            this.place = place;
            halves = new short[length];
        }

        @Override
        public Rows columns(int from, int count) {
            return new Bfloat16(numbers, count, place.right(from));
        }

        @Override
        public Rows from(int index) {
            return new Bfloat16(numbers, length(), place.down(index));
        }

        @Override
        void read(int index, float[] to, int at) {
            numbers.get(place.of(index), halves);
            int whole = Lanes.whole(halves.length);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                Lanes.floats(ShortVector.fromArray(Lanes.SHORTS, halves, i)).intoArray(to, at + i);
            }
            for (int i = whole; i < halves.length; i++) {
                to[at + i] = Lanes.floats(halves[i]);
            }
        }

        @Override
        void write(int index, float[] from, int at) {
            int whole = Lanes.whole(halves.length);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                Lanes.bfloat16(FloatVector.fromArray(Lanes.FLOATS, from, at + i))
                        .intoArray(halves, i);
            }
            for (int i = whole; i < halves.length; i++) {
                halves[i] = Lanes.bfloat16(from[at + i]);
            }
            numbers.put(place.of(index), halves);
        }
    }

    private static final class Beside extends Rows {

        private final Rows[] parts;

        Beside(Rows[] parts) {
            super(Arrays.stream(parts).mapToInt(Rows::length).sum());
            this.parts = parts;
        }

        @Override
        public Rows columns(int from, int count) {
            throw new UnsupportedOperationException("columns of rows beside one another");
        }

        @Override
        public Rows from(int index) {
            return new Beside(
                    Arrays.stream(parts).map(part -> part.from(index)).toArray(Rows[]::new));
        }

        @Override
        void read(int index, float[] to, int at) {
            int next = at;
            for (Rows part : parts) {
                part.read(index, to, next);
                next += part.length;
            }
        }

        @Override
        void write(int index, float[] from, int at) {
            int next = at;
            for (Rows part : parts) {
                part.write(index, from, next);
                next += part.length;
            }
        }
    }
}
