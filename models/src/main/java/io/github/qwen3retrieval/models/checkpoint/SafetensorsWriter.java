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
import java.util.List;
import java.util.Map;

/** Writes one safetensors file, its tensors' bytes as they are computed. */
public final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata;

    /**
     * A writer of files with this said of them.
     *
     * @param metadata names and texts
     */
    public SafetensorsWriter(Map<String, String> metadata) {
        this.metadata = Map.copyOf(metadata);
    }

    /** Takes bytes, all of them, and appends them to the file. */
    @FunctionalInterface
    public interface Sink {

        /** Takes what remains of the buffer. */
        void write(ByteBuffer bytes) throws IOException;
    }

    /** Gives the bytes of a tensor, when it is its turn. */
    @FunctionalInterface
    public interface Content {

        /** Writes as many bytes as the tensor has. */
        void writeTo(Sink sink) throws IOException;
    }

    /**
     * A tensor of the file.
     *
     * @param type its safetensors name, such as {@code I8}
     * @param bytes how many bytes it has
     */
    public record Tensor(String name, String type, long[] shape, long bytes, Content content) {}

    /**
     * Writes the tensors in this order; the file must not exist.
     *
     * @throws IOException if it cannot be written; what there is of the file is left behind
     */
    public void write(Path file, List<Tensor> tensors) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(channel, header(tensors));
            for (Tensor tensor : tensors) {
                long end = channel.position() + tensor.bytes;
                tensor.content.writeTo(bytes -> writeFully(channel, bytes));
                if (channel.position() != end) {
                    throw new IllegalStateException("wrong number of bytes in " + tensor.name);
                }
            }
        }
    }

    static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private ByteBuffer header(List<Tensor> tensors) {
        JsonObject json = new JsonObject();
        JsonObject said = new JsonObject();
        metadata.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> said.addProperty(entry.getKey(), entry.getValue()));
        json.add(SafetensorsHeader.METADATA, said);
        long offset = 0;
        for (Tensor tensor : tensors) {
            long end = offset + tensor.bytes;
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", tensor.type);
            entry.add("shape", array(tensor.shape));
            entry.add("data_offsets", array(offset, end));
            json.add(tensor.name, entry);
            offset = end;
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] spaced = Arrays.copyOf(text, padded);
        Arrays.fill(spaced, text.length, padded, (byte) ' ');
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        return header.putLong(padded).put(spaced).flip();
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
