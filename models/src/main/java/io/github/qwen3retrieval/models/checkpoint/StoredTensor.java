package io.github.qwen3retrieval.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as it lies in its file: row-major, little-endian, mapped read-only.
 *
 * <p>A Java buffer addresses at most 2 GiB, so a larger tensor (the float32 embedding table of the
 * 8B shape) is mapped in several windows of whole rows. The mapping lives as long as one of the
 * buffers does and is undone by the garbage collector: unmapping it earlier would pull the memory
 * from under native code that still reads there. Safe for use by many threads.
 */
public final class StoredTensor {

    private final String name;
    private final DataType type;
    private final long[] shape;
    private final List<ByteBuffer> windows;
    private final long rowsPerWindow;

    /**
     * @param windows the bytes, cut after every {@code rowsPerWindow} rows
     */
    StoredTensor(
            String name,
            DataType type,
            long[] shape,
            List<ByteBuffer> windows,
            long rowsPerWindow) {
        this.name = name;
        this.type = type;
        this.shape = shape.clone();
        this.windows = List.copyOf(windows);
        this.rowsPerWindow = rowsPerWindow;
    }

    /** Name in the file, without the prefix {@code model.}. */
    public String name() {
        return name;
    }

    /** Format of its numbers. */
    public DataType type() {
        return type;
    }

    /** Its dimensions, outermost first; the caller's copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** How many numbers it holds. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** How many bytes it takes in the file. */
    public long byteSize() {
        return elements() * type.bytes();
    }

    /** Bytes of one row, that is of one entry of the first dimension. */
    public int rowBytes() {
        return rowBytes(type, shape);
    }

    /**
     * All of its bytes, a view of the mapping in little-endian order.
     *
     * @throws IllegalStateException if the tensor is larger than one buffer; read it by {@link
     *     #row}
     */
    public ByteBuffer bytes() {
        if (windows.size() != 1) {
            throw new IllegalStateException(
                    "tensor ["
                            + name
                            + "] has ["
                            + byteSize()
                            + "] bytes, more than one buffer holds; read it row by row");
        }
        return view(windows.get(0));
    }

    /**
     * The bytes of row {@code index} of the first dimension, a view of the mapping in little-endian
     * order.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public ByteBuffer row(long index) {
        if (index < 0 || index >= shape[0]) {
            throw new IndexOutOfBoundsException(
                    "row [" + index + "] of tensor [" + name + "] with [" + shape[0] + "] rows");
        }
        ByteBuffer window = windows.get((int) (index / rowsPerWindow));
        int start = (int) (index % rowsPerWindow) * rowBytes();
        return window.slice(start, rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Some of its rows, in the same memory.
     *
     * @param first of the rows
     * @param count how many
     * @throws IllegalStateException if the tensor is larger than one buffer
     * @throws IndexOutOfBoundsException if it has not so many rows
     */
    public StoredTensor rows(int first, int count) {
        ByteBuffer some = bytes().slice(first * rowBytes(), count * rowBytes());
        long[] shapeOfSome = shape();
        shapeOfSome[0] = count;
        return new StoredTensor(name, type, shapeOfSome, List.of(some), count);
    }

    /**
     * Numbers of one row as float32.
     *
     * @param index of the row
     * @param from first of them within the row
     * @param count how many
     * @param target takes them from {@code offset} on
     */
    public void floats(long index, int from, int count, float[] target, int offset) {
        ByteBuffer row =
                row(index)
                        .slice(from * type.bytes(), count * type.bytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> row.asFloatBuffer().get(target, offset, count);
            case BF16 -> {
                // bfloat16 is the upper half of a float32
                for (int i = 0; i < count; i++) {
                    target[offset + i] = Float.intBitsToFloat(row.getShort(2 * i) << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = Float.float16ToFloat(row.getShort(2 * i));
                }
            }
        }
    }

    /** All numbers of a vector as float32. */
    public void all(float[] target) {
        for (int i = 0; i < target.length; i++) {
            floats(i, 0, 1, target, i);
        }
    }

    /** Name, type and shape, for messages. */
    @Override
    public String toString() {
        return name + " " + type + " " + Arrays.toString(shape);
    }

    static int rowBytes(DataType type, long[] shape) {
        long bytes = type.bytes();
        for (int i = 1; i < shape.length; i++) {
            bytes = Math.multiplyExact(bytes, shape[i]);
        }
        return Math.toIntExact(bytes);
    }

    private static ByteBuffer view(ByteBuffer window) {
        return window.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
