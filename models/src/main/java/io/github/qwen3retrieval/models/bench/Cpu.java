package io.github.qwen3retrieval.models.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux tells of the processor, in {@code /proc/cpuinfo}.
 *
 * @param name of the model, or that of the architecture
 * @param flags instruction sets, none where the system does not tell
 */
record Cpu(String name, List<String> flags) {

    private static final Path FILE = Path.of("/proc/cpuinfo");

    /** The processor this runs on. */
    static Cpu here() {
        return new Cpu(
                field("model name", System.getProperty("os.arch")),
                Arrays.asList(field("flags", "").split(" ")));
    }

    /** Whether it multiplies and adds up bytes in one instruction. */
    boolean vnni() {
        return Stream.of("avx512_vnni", "avx_vnni", "amx_int8").anyMatch(flags::contains);
    }

    /** Of the instruction sets those that decide how fast matrices are multiplied. */
    List<String> matrixFlags() {
        return flags.stream()
                .filter(flag -> flag.matches("avx2|avx512f|avx.*vnni|avx.*bf16|amx_.*"))
                .toList();
    }

    private static String field(String name, String otherwise) {
        if (Files.isReadable(FILE) == false) {
            return otherwise;
        }
        try {
            return Files.readAllLines(FILE).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
