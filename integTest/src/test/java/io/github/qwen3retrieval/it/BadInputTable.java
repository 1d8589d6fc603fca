package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What users see for bad input, as a table in Markdown: a part per test class, joined into {@code
 * target/bad-input.md}.
 */
final class BadInputTable {

    private static final Path FOLDER = Path.of("target", "bad-input");
    private static final int LONGEST_CELL = 400;

    private final String section;
    private final List<String> rows = new ArrayList<>();

    BadInputTable(String section) {
        this.section = section;
    }

    void row(String input, String outcome, String seen) {
        rows.add("| " + cell(input) + " | " + cell(outcome) + " | " + cell(seen) + " |");
    }

    private static String cell(String text) {
        String line =
                text.replaceAll("\\p{Cntrl}+", " ")
                        .replace("|", "\\|")
                        .replaceAll("/\\S*/qwen3-it-\\d+/", "…/");
        return line.length() > LONGEST_CELL ? line.substring(0, LONGEST_CELL) + "…" : line;
    }

    /** Writes the part and joins all parts that there are. */
    void write() throws IOException {
        Files.createDirectories(FOLDER);
        List<String> part = new ArrayList<>();
        part.add("## " + section + " (" + rows.size() + ")\n");
        part.add("| input | outcome | what the user sees |\n|---|---|---|");
        part.addAll(rows);
        Files.writeString(FOLDER.resolve(section + ".md"), String.join("\n", part) + "\n\n");
        StringBuilder all = new StringBuilder("# What users see for bad input\n\n");
        try (Stream<Path> parts = Files.list(FOLDER)) {
            for (Path file : parts.sorted().toList()) {
                all.append(Files.readString(file));
            }
        }
        Files.writeString(FOLDER.resolveSibling("bad-input.md"), all);
    }
}
