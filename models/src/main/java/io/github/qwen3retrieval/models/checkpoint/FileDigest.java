package io.github.qwen3retrieval.models.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** The sha256 of a file, as coreutils print it. */
public final class FileDigest {

    /** What is read at once; a cancelled computation ends within the time that this takes. */
    private static final int CHUNK_BYTES = 1 << 20;

    private FileDigest() {}

    /**
     * Computes it; reads every byte.
     *
     * @return 64 hexadecimal digits
     */
    public static String of(Path file) throws IOException {
        return of(file, () -> true);
    }

    /**
     * Computes it, as long as it is wanted.
     *
     * @param goOn asked between chunks
     * @return 64 hexadecimal digits
     * @throws CancellationException if it was told not to go on
     */
    static String of(Path file, BooleanSupplier goOn) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(chunk.clear()) >= 0) {
                if (goOn.getAsBoolean() == false) {
                    throw new CancellationException("the sha256 of [" + file + "] is not wanted");
                }
                digest.update(chunk.flip());
            }
        }
        return hex(digest.digest());
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
