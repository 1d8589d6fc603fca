package io.github.qwen3retrieval.models.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Figure RATE = Figure.rate("by length", "64 tokens", "tokens/s", 200);
    private static final Figure COST = Figure.cost("memory", "open", "MB", 50);

    @Test
    void ratiosAboveOneAreImprovementsOfRatesAndCosts() {
        Report old = report("2", RATE, COST);
        Report now =
                report(
                        "2",
                        Figure.rate("by length", "64 tokens", "tokens/s", 250),
                        Figure.cost("memory", "open", "MB", 100));
        String text = new Comparison(old, now).text();
        assertEquals("1.25", lastWord(text, "tokens/s"));
        assertEquals("0.50", lastWord(text, "MB"));
        assertFalse(text.contains("differs"), text);
    }

    @Test
    void whatOnlyOneOfThemHasIsShownWithoutARatio() {
        String text = new Comparison(report("2", RATE), report("2", COST)).text();
        assertEquals(List.of("200", "–", "–"), lastWords(text, "tokens/s"));
        assertEquals(List.of("–", "50.0", "–"), lastWords(text, "MB"));
    }

    @Test
    void factsThatDifferAreToldFirst() {
        String text = new Comparison(report("2", RATE), report("1", RATE)).text();
        assertEquals("differs: threads [2] → [1]", text.lines().findFirst().orElseThrow());
    }

    private static Report report(String threads, Figure... figures) {
        return new Report(Map.of("threads", threads), List.of(figures), List.of());
    }

    private static String lastWord(String text, String column) {
        return lastWords(text, column).get(2);
    }

    /** Old, new and ratio of the line of that column. */
    private static List<String> lastWords(String text, String column) {
        String line =
                text.lines().filter(l -> l.contains(" " + column + " ")).findFirst().orElseThrow();
        List<String> words = List.of(line.strip().split(" +"));
        return words.subList(words.size() - 3, words.size());
    }
}
