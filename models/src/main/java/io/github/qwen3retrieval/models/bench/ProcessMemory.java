package io.github.qwen3retrieval.models.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of this process, from {@code /proc/self/status} of Linux, in bytes; -1 where the system
 * does not tell.
 */
final class ProcessMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ProcessMemory() {}

    /** Resident memory that belongs to no file: heap, weights that were converted, activations. */
    static long anonymous() {
        return field("RssAnon:");
    }

    /** Resident memory with the pages of mapped files. */
    static long resident() {
        return field("VmRSS:");
    }

    /** The most that was ever resident, since {@link #forgetPeak()} if that was possible. */
    static long peak() {
        return field("VmHWM:");
    }

    /** Lets the peak begin anew at what is resident now, and tells whether the system did so. */
    static boolean forgetPeak() {
        if (Files.isWritable(CLEAR) == false) {
            return false;
        }
        try {
            Files.writeString(CLEAR, "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long field(String name) {
        if (Files.isReadable(STATUS) == false) {
            return -1;
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
