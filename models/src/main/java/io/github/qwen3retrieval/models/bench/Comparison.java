package io.github.qwen3retrieval.models.bench;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Two reports side by side. A ratio above 1 is an improvement, whichever way a figure runs: new by
 * old of a rate, old by new of a cost.
 */
public final class Comparison {

    private static final String LINE = "%-34s %-28s %-14s %12s %12s %8s%n";

    private final Report old;
    private final Report now;

    /** What has become of an old report. */
    public Comparison(Report old, Report now) {
        this.old = old;
        this.now = now;
    }

    /** Differences of the facts, then a line for each figure of either report. */
    public String text() {
        StringBuilder text = new StringBuilder();
        TreeSet<String> facts = new TreeSet<>(old.facts().keySet());
        facts.addAll(now.facts().keySet());
        for (String fact : facts) {
            String before = old.facts().get(fact);
            String after = now.facts().get(fact);
            if (Objects.equals(before, after) == false) {
                text.append("differs: ")
                        .append(fact + " [" + before + "] → [" + after + "]")
                        .append(System.lineSeparator());
            }
        }
        text.append(line("group", "case", "figure", "old", "new", "× better"));
        now.figures().forEach(figure -> text.append(line(find(old, figure), figure)));
        for (Figure gone : old.figures()) {
            if (find(now, gone).isEmpty()) {
                text.append(line(gone, ReportTable.number(gone.value()), "–", "–"));
            }
        }
        return text.toString();
    }

    private static Optional<Figure> find(Report report, Figure figure) {
        List<Figure> same = report.figures().stream().filter(figure::sameAs).toList();
        return same.stream().findFirst();
    }

    private static String line(Optional<Figure> before, Figure after) {
        String value = ReportTable.number(after.value());
        if (before.isEmpty()) {
            return line(after, "–", value, "–");
        }
        double old = before.get().value();
        double ratio = after.higherIsBetter() ? after.value() / old : old / after.value();
        String shown = Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "–";
        return line(after, ReportTable.number(old), value, shown);
    }

    private static String line(Figure figure, String old, String now, String ratio) {
        return line(figure.group(), figure.row(), figure.column(), old, now, ratio);
    }

    private static String line(Object... cells) {
        return String.format(Locale.ROOT, LINE, cells);
    }
}
