package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Weights of the right shape that compute nothing but NaN, as half-trained ones may. */
final class SpoiledWeights {

    private SpoiledWeights() {}

    /** Writes bfloat16 NaNs over the gain of a checkpoint's final norm. */
    static void in(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve("model.safetensors");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(length, 0);
            ByteBuffer header = ByteBuffer.allocate((int) length.getLong(0));
            channel.read(header, Long.BYTES);
            JsonNode tensors = Articles.JSON.readTree(header.array());
            String name = tensors.has("norm.weight") ? "norm.weight" : "model.norm.weight";
            JsonNode range = tensors.get(name).get("data_offsets");
            byte[] nan = new byte[range.get(1).asInt() - range.get(0).asInt()];
            Arrays.fill(nan, (byte) 0xFF);
            long data = Long.BYTES + header.capacity();
            channel.write(ByteBuffer.wrap(nan), data + range.get(0).asInt());
        }
    }
}
