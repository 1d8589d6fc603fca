package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The vectors of a corpus, in its order: float32, little endian, nothing between. Beside it lies a
 * JSON file with what they depend on. A vector that was cut is dropped when the file is opened
 * again.
 */
final class VectorFile implements AutoCloseable {

    private final FileChannel channel;
    private final int bytes;

    /**
     * Opens or begins the file.
     *
     * @param dimensions of each vector
     * @param parameters what the vectors depend on
     * @throws IllegalArgumentException if it was made with others
     */
    VectorFile(Path file, int dimensions, Map<String, String> parameters) throws IOException {
        bytes = dimensions * Float.BYTES;
        Path beside = file.resolveSibling(file.getFileName() + ".json");
        if (Files.exists(beside)) {
            try {
                JsonObject before =
                        JsonParser.parseString(Files.readString(beside)).getAsJsonObject();
                RunParameters.compare(beside, before, parameters);
            } catch (JsonParseException | IllegalStateException e) {
                throw new IllegalArgumentException(
                        "["
                                + beside
                                + "] is none that [qwen3 evaluate] wrote: delete it and ["
                                + file
                                + "]",
                        e);
            }
        } else {
            Files.deleteIfExists(file);
            Files.writeString(beside, RunParameters.json(parameters) + "\n");
        }
        channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        channel.truncate(channel.size() / bytes * bytes);
        channel.position(channel.size());
    }

    /** Vectors that are there. */
    long count() throws IOException {
        return channel.size() / bytes;
    }

    /** Adds vectors. */
    void add(List<float[]> vectors) throws IOException {
        ByteBuffer buffer = buffer(vectors.size());
        vectors.forEach(vector -> put(buffer, vector));
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** All vectors: float[count][dimensions]. */
    float[][] read() throws IOException {
        float[][] vectors = new float[Math.toIntExact(count())][];
        ByteBuffer buffer = buffer(1);
        for (int i = 0; i < vectors.length; i++) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                channel.read(buffer, (long) i * bytes + buffer.position());
            }
            vectors[i] = new float[bytes / Float.BYTES];
            buffer.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vectors[i]);
        }
        return vectors;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private ByteBuffer buffer(int vectors) {
        return ByteBuffer.allocate(vectors * bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer buffer, float[] vector) {
        for (float number : vector) {
            buffer.putFloat(number);
        }
    }
}
