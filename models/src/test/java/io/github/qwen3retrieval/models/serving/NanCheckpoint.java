package io.github.qwen3retrieval.models.serving;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A checkpoint whose final norm is NaN, as a damaged or half-trained one may be. */
final class NanCheckpoint {

    private NanCheckpoint() {}

    /** Writes bfloat16 NaNs over the gain of the final norm. */
    static void spoil(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve("model.safetensors");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(length, 0);
            int headerBytes = (int) length.getLong(0);
            ByteBuffer header = ByteBuffer.allocate(headerBytes);
            channel.read(header, 8);
            JsonObject tensors =
                    JsonParser.parseString(new String(header.array(), StandardCharsets.UTF_8))
                            .getAsJsonObject();
            String name = tensors.has("norm.weight") ? "norm.weight" : "model.norm.weight";
            JsonArray range = tensors.getAsJsonObject(name).getAsJsonArray("data_offsets");
            byte[] nan = new byte[range.get(1).getAsInt() - range.get(0).getAsInt()];
            Arrays.fill(nan, (byte) 0xFF);
            channel.write(ByteBuffer.wrap(nan), 8L + headerBytes + range.get(0).getAsInt());
        }
    }
}
