package io.github.qwen3retrieval.models.bench;

import java.util.List;
import java.util.stream.IntStream;

/** Texts to measure with: always the same, no two alike, at least as long as is asked for. */
final class SampleTexts {

    /** A query that they could answer. */
    static final String QUERY = "how do glaciers move";

    private static final String[] WORDS =
            ("a glacier is a persistent body of dense ice that moves downhill under its own weight"
                            + " and forms where snow gathers faster than it melts over many years")
                    .split(" ");

    private SampleTexts() {}

    /**
     * So many texts of at least so many tokens; a word is one token or more.
     *
     * @param tokens that the caller will cut them to
     */
    static List<String> of(int count, int tokens) {
        return IntStream.range(0, count).mapToObj(i -> text(i, tokens)).toList();
    }

    private static String text(int index, int words) {
        StringBuilder text = new StringBuilder().append(index);
        for (int i = 1; i < words; i++) {
            // a step that differs from text to text keeps their beginnings apart as well
            text.append(' ').append(WORDS[(index + i * (1 + index % 7)) % WORDS.length]);
        }
        return text.toString();
    }
}
