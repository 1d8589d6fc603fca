package io.github.qwen3retrieval.models.checkpoint;

import java.nio.charset.StandardCharsets;

/**
 * Numbers of mean 0 and variance 1 that depend on seed, name and index alone: the same on every
 * JVM, in whatever order and file they are written.
 *
 * <p>A 64-bit hash of the index (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", 2014) gives four 16-bit numbers, whose sum is close to normal (Irwin–Hall)
 * within ±3.46 and is computed without a logarithm, which JVMs may round differently.
 */
final class RandomNumbers {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** Mean of the sum of four numbers from 0 to 65535. */
    private static final double MEAN = 2 * 65535.0;

    /** One over its standard deviation: 4 (2^32 − 1) / 12 is the variance. */
    private static final double SCALE = 1 / Math.sqrt(4294967295.0 / 3);

    private final long key;

    RandomNumbers(long seed, String name) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        this.key = mix(hash + mix(seed + GOLDEN));
    }

    /** The number of this index. */
    double at(long index) {
        long bits = mix(key + (index + 1) * GOLDEN);
        long sum =
                (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum - MEAN) * SCALE;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
