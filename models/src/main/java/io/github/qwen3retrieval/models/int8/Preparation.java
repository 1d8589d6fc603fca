package io.github.qwen3retrieval.models.int8;

import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Computes the matrices of a checkpoint as 8-bit integers. With B the {@link BlockHadamard} of an
 * input's channels, a matrix W becomes W · B, and that of the values B · W · B, whose outer B the
 * attention hands on to its output projection.
 *
 * <p>For one thread: all matrices go through the same buffer.
 */
public final class Preparation implements Int8Matrices {

    private final Checkpoint checkpoint;
    private final Qwen3Config config;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private int lastLayer = -1;
    private Projection lastProjection;
    private Int8Matrix last;

    /** A preparation of an open checkpoint, which must stay open. */
    public Preparation(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
    }

    /** The transform of what a projection reads. */
    public static BlockHadamard before(Projection projection, Qwen3Config config) {
        // attention works on whole heads, so that blocks must not reach across them
        return new BlockHadamard(
                projection == Projection.ATTENTION_OUTPUT
                        ? config.headDim()
                        : projection.columns(config));
    }

    /** The last one is remembered: whoever keeps it asks for its numbers, then for its scales. */
    @Override
    public Int8Matrix get(int layer, Projection projection) {
        if (layer != lastLayer || projection != lastProjection) {
            // what is made now overwrites it, and may fail half way
            lastLayer = -1;
            last = make(layer, projection);
            lastLayer = layer;
            lastProjection = projection;
        }
        return last;
    }

    @Override
    public boolean independent() {
        return false;
    }

    private Int8Matrix make(int layer, Projection projection) {
        Rounding rounding = new Rounding(projection);
        for (String name : projection.tensors(layer)) {
            if (name.endsWith("v_proj.weight")) {
                rounding.addSpread(name, before(Projection.ATTENTION_OUTPUT, config));
            } else {
                rounding.add(name);
            }
        }
        return rounding.matrix();
    }

    /** A matrix in the making, row by row. */
    private final class Rounding {

        private final int rows;
        private final int columns;
        private final BlockHadamard before;
        private final float[] scales;
        private final ByteBuffer numbers;
        private final byte[] rounded;
        private int next;

        Rounding(Projection projection) {
            rows = projection.rows(config);
            columns = projection.columns(config);
            before = before(projection, config);
            scales = new float[rows];
            rounded = new byte[columns];
            int bytes = Math.multiplyExact(rows, columns);
            if (buffer.capacity() < bytes) {
                buffer = ByteBuffer.allocateDirect(bytes);
            }
            numbers = buffer.slice(0, bytes);
        }

        void add(String name) {
            StoredTensor part = checkpoint.tensor(name);
            float[] row = new float[columns];
            for (int i = 0; i < part.shape()[0]; i++) {
                part.floats(i, 0, columns, row, 0);
                add(row, 0);
            }
        }

        /** Adds a matrix whose output channels are spread too. */
        void addSpread(String name, BlockHadamard after) {
            StoredTensor part = checkpoint.tensor(name);
            float[] block = new float[after.block() * columns];
            for (int from = 0; from < part.shape()[0]; from += after.block()) {
                for (int i = 0; i < after.block(); i++) {
                    part.floats(from + i, 0, columns, block, i * columns);
                }
                after.transformRows(block);
                for (int i = 0; i < after.block(); i++) {
                    add(block, i * columns);
                }
            }
        }

        private void add(float[] from, int offset) {
            float[] row = Arrays.copyOfRange(from, offset, offset + columns);
            before.transform(row);
            float largest = 0;
            for (float number : row) {
                // a NaN stays, and makes the scale and all that is computed with it NaN
                largest = Math.max(largest, Math.abs(number));
            }
            float inverse = largest == 0 ? 0 : 127 / largest;
            for (int i = 0; i < columns; i++) {
                // rounds to nearest: what is cut off is positive
                rounded[i] = (byte) ((int) (row[i] * inverse + 128.5f) - 128);
            }
            numbers.put(next * columns, rounded);
            scales[next] = largest / 127;
            next++;
        }

        Int8Matrix matrix() {
            return new Int8Matrix(rows, columns, numbers, FloatBuffer.wrap(scales));
        }
    }
}
