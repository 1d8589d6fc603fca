package io.github.qwen3retrieval.models.int8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system says of the CPU's instructions for 8-bit integers. */
public final class Instructions {

    private Instructions() {}

    /** Whether it has some: elsewhere int8 has to be refused. */
    public static boolean present() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        return Files.isReadable(file)
                && Files.readString(file).matches("(?s).*\\b(avx512_vnni|avx_vnni|amx_int8)\\b.*");
    }
}
