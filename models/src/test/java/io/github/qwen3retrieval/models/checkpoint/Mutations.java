package io.github.qwen3retrieval.models.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Damages bytes as a bad disk, a broken copy or an enemy would. */
public final class Mutations {

    private static final List<String> TOKENS =
            List.of(
                    "0",
                    "-1",
                    "1",
                    "2147483647",
                    "2147483648",
                    "4294967296",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775808",
                    "1e308",
                    "1e999",
                    "0.5",
                    "null",
                    "true",
                    "\"\"",
                    "\"BF16\"",
                    "\"F32\"",
                    "\"I64\"",
                    "[]",
                    "[0]",
                    "[1,1,1,1,1,1,1,1,1]",
                    "{}",
                    "{\"a\":",
                    "[[[[[[[[",
                    "\\u0000",
                    "\\ud800",
                    "\"../../etc/passwd\"",
                    ",",
                    ":",
                    "}",
                    "]",
                    "\"");

    private final Random random;

    /** Mutations that the seed of the random numbers repeats. */
    public Mutations(Random random) {
        this.random = random;
    }

    /** A copy with one to four damages. */
    public byte[] of(byte[] original) {
        byte[] bytes = original.clone();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            bytes = once(bytes);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(random.nextInt(16), bytes.length - at);
        return switch (random.nextInt(8)) {
            case 0 -> flipped(bytes, at);
            case 1 -> spliced(bytes, at, length, new byte[0]);
            case 2 -> spliced(bytes, at, 0, new byte[] {(byte) random.nextInt()});
            case 3 -> spliced(bytes, at, bytes.length - at, new byte[0]);
            case 4 -> spliced(bytes, at, 0, copied(bytes, length));
            case 5 -> spliced(bytes, at, length, token());
            default -> number(bytes, at);
        };
    }

    private static byte[] copied(byte[] bytes, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, 0, copy, 0, length);
        return copy;
    }

    private byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private byte[] token() {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    /** Puts something else in the place of the next run of digits. */
    private byte[] number(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && isDigit(bytes[at]) == false) {
            at++;
        }
        int end = at;
        while (end < bytes.length && isDigit(bytes[end])) {
            end++;
        }
        byte[] other =
                random.nextBoolean()
                        ? token()
                        : Integer.toString(random.nextInt(200)).getBytes(StandardCharsets.UTF_8);
        return spliced(bytes, at, end - at, other);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] spliced(byte[] bytes, int at, int removed, byte[] added) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + added.length);
        out.write(bytes, 0, at);
        out.writeBytes(added);
        out.write(bytes, at + removed, bytes.length - at - removed);
        return out.toByteArray();
    }
}
