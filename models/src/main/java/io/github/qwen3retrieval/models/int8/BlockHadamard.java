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

    /**
     * Transforms whole blocks in place, which fill the array from a place on, but for the last
     * step: all comes out larger by the root of {@link #block}.
     */
    public void add(float[] blocks, int from) {
        for (int i = from; i < blocks.length; i += block) {
            add(blocks, i, 1);
        }
    }

    private void add(float[] numbers, int offset, int width) {
        int end = offset + block * width;
        for (int half = width; half < block * width; half *= 2) {
            for (int start = offset; start < end; start += 2 * half) {
                butterfly(numbers, start, half);
            }
        }
    }

    private void transform(float[] numbers, int offset, int width) {
        add(numbers, offset, width);
        int end = offset + block * width;
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
