package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/** Writes one safetensors file, its numbers as they are computed. */
final class SafetensorsWriter {

    /** Gives the number of an index of a tensor. */
    interface Numbers {
        double at(long index);
    }

    /** Looks the numbers of a tensor up by its name in the file. */
    interface Source {
        Numbers of(String name);
    }

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int ALIGNMENT = 8;

    private final DataType type;
    private final Source source;

    SafetensorsWriter(DataType type, Source source) {
        this.type = type;
        this.source = source;
    }

    /** Writes the tensors of these names and shapes in this order; the file must not exist. */
    void write(Path file, Map<String, long[]> shapes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, header(shapes));
            for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
                writeNumbers(channel, source.of(tensor.getKey()), elements(tensor.getValue()));
            }
        }
    }

    static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private ByteBuffer header(Map<String, long[]> shapes) {
        JsonObject json = new JsonObject();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("format", "pt");
        json.add("__metadata__", metadata);
        long offset = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            long end = offset + elements(tensor.getValue()) * type.bytes();
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", type.name());
            entry.add("shape", array(tensor.getValue()));
            entry.add("data_offsets", array(offset, end));
            json.add(tensor.getKey(), entry);
            offset = end;
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] spaced = Arrays.copyOf(text, padded);
        Arrays.fill(spaced, text.length, padded, (byte) ' ');
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        return header.putLong(padded).put(spaced).flip();
    }

    private void writeNumbers(FileChannel channel, Numbers numbers, long count) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < count; i++) {
            if (chunk.hasRemaining() == false) {
                writeFully(channel, chunk.flip());
                chunk.clear();
            }
            put(chunk, (float) numbers.at(i));
        }
        writeFully(channel, chunk.flip());
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

    private static JsonArray array(long... numbers) {
        JsonArray array = new JsonArray();
        Arrays.stream(numbers).forEach(array::add);
        return array;
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
