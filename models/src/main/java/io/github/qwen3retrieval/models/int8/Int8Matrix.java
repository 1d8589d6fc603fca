package io.github.qwen3retrieval.models.int8;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * A matrix as 8-bit integers: number [i, j] is {@code numbers[i, j] · scales[i]}.
 *
 * @param rows output channels
 * @param columns input channels
 * @param numbers from −127 to 127, row by row; a direct buffer
 * @param scales one for each row
 */
public record Int8Matrix(int rows, int columns, ByteBuffer numbers, FloatBuffer scales) {

    /** Some of its rows, in the same memory. */
    public Int8Matrix some(int first, int count) {
        return new Int8Matrix(
                count,
                columns,
                numbers.slice(numbers.position() + first * columns, count * columns),
                scales.slice(scales.position() + first, count));
    }
}
