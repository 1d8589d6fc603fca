package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What tests saw, as a table {@code target/NAME.md} to be read by people. */
final class MarkdownTable {

    private final Path file;
    private final List<String> lines = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param name of the file
     */
    MarkdownTable(String name, String title, String... columns) {
        this.file = Path.of("target", name + ".md");
        lines.add("# " + title + "\n");
        lines.add(line((Object[]) columns));
        lines.add("|" + "---|".repeat(columns.length));
    }

    synchronized void row(Object... cells) {
        lines.add(line(cells));
    }

    private static String line(Object... cells) {
        return Arrays.stream(cells)
                .map(cell -> String.valueOf(cell).replace("|", "\\|").replaceAll("\\s+", " "))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** Writes what there is so far. */
    synchronized void write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
