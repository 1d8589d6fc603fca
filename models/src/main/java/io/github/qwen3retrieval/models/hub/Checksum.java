package io.github.qwen3retrieval.models.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a file's content must hash to. Hubs give the SHA-256 of large files; of small ones Hugging
 * Face gives git's blob id, the SHA-1 over a line with the size and the content.
 *
 * @param algorithm SHA-256 or SHA-1
 * @param blobSize size named in git's line, or -1 for a plain hash
 * @param hex the hash in lower case
 */
record Checksum(String algorithm, long blobSize, String hex) {

    static Checksum sha256(String hex) {
        return new Checksum("SHA-256", -1, hex.toLowerCase(Locale.ROOT));
    }

    static Checksum gitBlob(long size, String hex) {
        return new Checksum("SHA-1", size, hex.toLowerCase(Locale.ROOT));
    }

    /** Whether the text is the hex form of a SHA-256. */
    static boolean isSha256(String text) {
        return text.matches("[0-9a-fA-F]{64}");
    }

    /** A digest to feed the content to. */
    MessageDigest digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            if (blobSize >= 0) {
                digest.update(("blob " + blobSize + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        }
    }

    /** The digest's result in the form of {@link #hex}. */
    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
