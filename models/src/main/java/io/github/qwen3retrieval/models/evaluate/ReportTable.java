package io.github.qwen3retrieval.models.evaluate;

import java.util.Locale;

/** A report as text: facts, a table, notes. */
public final class ReportTable {

    private static final int FACT = 20;

    private ReportTable() {}

    /** The text, lines ended by a line feed. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        report.facts()
                .forEach((name, value) -> text.append(left(FACT, name)).append(value).append('\n'));
        int width = report.rows().stream().mapToInt(row -> row.row().length()).max().orElse(0) + 2;
        text.append('\n').append(left(width, ""));
        for (String column :
                new String[] {
                    "nDCG@10", "MRR@10", "Recall@100", "median ms", "p95 ms", "queries"
                }) {
            text.append(String.format(Locale.ROOT, "%12s", column));
        }
        text.append('\n');
        for (RowFigures row : report.rows()) {
            text.append(left(width, row.row()))
                    .append(
                            String.format(
                                    Locale.ROOT,
                                    "%12.4f%12.4f%12.4f%12s%12s%12s%n",
                                    row.ndcg10(),
                                    row.mrr10(),
                                    row.recall100(),
                                    millis(row.medianMillis()),
                                    millis(row.p95Millis()),
                                    queries(row)));
        }
        report.notes().forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private static String queries(RowFigures row) {
        return row.failed() == 0
                ? String.valueOf(row.queries())
                : row.queries() + " of " + (row.queries() + row.failed());
    }

    /** Three digits or more, none of them in vain. */
    static String millis(double value) {
        int decimals = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String left(int width, String text) {
        return String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s", text);
    }
}
