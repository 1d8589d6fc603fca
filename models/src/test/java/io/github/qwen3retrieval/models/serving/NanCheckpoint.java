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

/** A checkpoint whose final norm is no number, as that of a damaged or half-trained one may be. */
final class NanCheckpoint {

    private NanCheckpoint() {}

    /** Writes bfloat16 NaNs over the gain of the final norm. */
    static void spoil(Path checkpoint) throws IOException {
        spoil(checkpoint, (short) 0xFFFF);
    }

    /** Writes one bfloat16 number all over the gain of the final norm. */
    static void spoil(Path checkpoint, short number) throws IOException {
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
            ByteBuffer gain =
                    ByteBuffer.allocate(range.get(1).getAsInt() - range.get(0).getAsInt())
                            .order(ByteOrder.LITTLE_ENDIAN);
            while (gain.hasRemaining()) {
                gain.putShort(number);
            }
            channel.write(gain.flip(), 8L + headerBytes + range.get(0).getAsInt());
        }
    }
}
