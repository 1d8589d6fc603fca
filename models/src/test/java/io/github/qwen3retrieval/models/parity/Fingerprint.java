package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells a golden file of other weights from a wrong computation. */
final class Fingerprint {

    /** Of each file; the whole of a 0.6B-shaped one would take longer than it is worth. */
    private static final int BYTES = 4 << 20;

    private Fingerprint() {}

    /** SHA-256 over name, size and beginning of the weights files, by name. */
    static String of(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<Path> weights =
                    files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
            for (Path file : weights) {
                digest.update(
                        (file.getFileName() + " " + Files.size(file) + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                try (InputStream stream = Files.newInputStream(file)) {
                    digest.update(stream.readNBytes(BYTES));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Fails if the golden file was made of other weights. */
    static void check(String golden, Path checkpoint) throws IOException {
        assertEquals(
                golden,
                of(checkpoint),
                "the golden file is of other weights than ["
                        + checkpoint.getFileName()
                        + "] now has: if RandomCheckpoint or cases.json was changed, make it anew with"
                        + " models/src/test/python/golden.py");
    }
}
