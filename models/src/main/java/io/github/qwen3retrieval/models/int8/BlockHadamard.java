package io.github.qwen3retrieval.models.int8;

/**
 * A Hadamard transform over blocks of neighbouring channels: orthogonal, symmetric, its own
 * inverse. It is small enough to be computed in every pass; blocks of 16 to 64 channels did equally
 * well against outliers, larger ones no better.
 */
public final class BlockHadamard {

    private static final int LARGEST = 32;

    private final int block;

    /** The transform for that many channels; blocks are a power of two that divides them. */
    public BlockHadamard(int size) {
        block = Math.min(LARGEST, Integer.lowestOneBit(size));
    }

    /** Channels of one block. */
    public int block() {
        return block;
    }

    /** The matrix [block, block] of one block, row by row. */
    public float[] matrix() {
        float[] matrix = new float[block * block];
        for (int i = 0; i < block; i++) {
            matrix[i * block + i] = 1;
        }
        transform(matrix);
        return matrix;
    }

    /** Transforms whole blocks in place, which fill the array. */
    void transform(float[] blocks) {
        for (int i = 0; i < blocks.length; i += block) {
            transform(blocks, i, 1);
        }
    }

    /** Transforms the rows of one block of a matrix, each of so many numbers, in place. */
    void transformRows(float[] rows) {
        transform(rows, 0, rows.length / block);
    }

    private void transform(float[] numbers, int offset, int width) {
        int end = offset + block * width;
        for (int half = width; half < block * width; half *= 2) {
            for (int start = offset; start < end; start += 2 * half) {
                butterfly(numbers, start, half);
            }
        }
        float scale = (float) (1 / Math.sqrt(block));
        for (int i = offset; i < end; i++) {
            numbers[i] *= scale;
        }
    }

    private static void butterfly(float[] numbers, int start, int half) {
        for (int i = start; i < start + half; i++) {
            float a = numbers[i];
            float b = numbers[i + half];
            numbers[i] = a + b;
            numbers[i + half] = a - b;
        }
    }
}
