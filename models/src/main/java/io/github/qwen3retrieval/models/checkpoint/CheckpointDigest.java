package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The identity of a checkpoint: one sha256 for all the bytes that it is read from. It is that of
 * the text which coreutils print, so that anybody can compute it:
 *
 * <pre>
 * cd FOLDER; LC_ALL=C sha256sum config.json tokenizer.json *.safetensors | sha256sum
 * </pre>
 *
 * <p>Only files that are read count: not the index of the shards, and no shard beside a {@code
 * model.safetensors}.
 */
public final class CheckpointDigest {

    /** What is read at once; a cancelled computation ends within the time that this takes. */
    private static final int CHUNK_BYTES = 1 << 20;

    private CheckpointDigest() {}

    /**
     * Computes it; reads every byte.
     *
     * @param goOn asked between chunks
     * @return 64 hexadecimal digits
     * @throws ModelException if a file is missing or cannot be read
     * @throws CancellationException if it was told not to go on
     */
    public static String of(Path folder, BooleanSupplier goOn) {
        StringBuilder lines = new StringBuilder();
        for (String name : CheckpointFiles.read(folder)) {
            lines.append(hex(folder.resolve(name), goOn)).append("  ").append(name).append('\n');
        }
        MessageDigest all = sha256();
        return hex(all.digest(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String hex(Path file, BooleanSupplier goOn) {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(chunk.clear()) >= 0) {
                if (goOn.getAsBoolean() == false) {
                    throw new CancellationException("the sha256 of [" + file + "] is not wanted");
                }
                digest.update(chunk.flip());
            }
        } catch (IOException e) {
            throw new ModelException("[" + file + "] cannot be read: " + e, e);
        }
        return hex(digest.digest());
    }

    private static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
