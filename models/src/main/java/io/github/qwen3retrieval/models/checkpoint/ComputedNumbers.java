package io.github.qwen3retrieval.models.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The numbers of a tensor that is written as they are computed.
 *
 * @param type format they are written in
 * @param count how many there are
 */
record ComputedNumbers(DataType type, long count, Numbers numbers)
        implements SafetensorsWriter.Content {

    private static final int CHUNK_BYTES = 1 << 20;

    /** Gives the number of an index of a tensor. */
    interface Numbers {
        double at(long index);
    }

    /** The tensor of this name and shape with these numbers in it. */
    static SafetensorsWriter.Tensor tensor(
            String name, DataType type, long[] shape, Numbers numbers) {
        long count = SafetensorsWriter.elements(shape);
        return new SafetensorsWriter.Tensor(
                name,
                type.name(),
                shape,
                count * type.bytes(),
                new ComputedNumbers(type, count, numbers));
    }

    @Override
    public void writeTo(SafetensorsWriter.Sink sink) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
            if (chunk.hasRemaining() == false) {
                sink.write(chunk.flip());
                chunk.clear();
            }
            put(chunk, (float) numbers.at(i));
        }
        sink.write(chunk.flip());
    }

    private void put(ByteBuffer chunk, float number) {
        switch (type) {
            case BF16 -> chunk.putShort(bfloat16(number));
            case F16 -> chunk.putShort(Float.floatToFloat16(number));
            case F32 -> chunk.putFloat(number);
        }
    }

    /** The upper half of a float, rounded to nearest, ties to even. */
    private static short bfloat16(float number) {
        int bits = Float.floatToRawIntBits(number);
        return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
    }
}
