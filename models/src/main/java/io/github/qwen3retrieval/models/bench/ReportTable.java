package io.github.qwen3retrieval.models.bench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A report as text: for each group a table of its rows and columns. */
public final class ReportTable {

    private static final int ROW = 34;
    private static final int COLUMN = 14;

    private ReportTable() {}

    /** The text, lines ended by a line feed. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        report.facts().forEach((name, value) -> text.append(left(name)).append(value).append('\n'));
        for (String group : distinct(report.figures().stream().map(Figure::group).toList())) {
            group(text, group, of(report, group));
        }
        return text.toString();
    }

    private static List<Figure> of(Report report, String group) {
        return report.figures().stream().filter(figure -> figure.group().equals(group)).toList();
    }

    private static void group(StringBuilder text, String group, List<Figure> figures) {
        Set<String> columns = distinct(figures.stream().map(Figure::column).toList());
        text.append('\n').append(left(group));
        columns.forEach(column -> text.append(right(column)));
        text.append('\n');
        for (String row : distinct(figures.stream().map(Figure::row).toList())) {
            text.append(left("  " + row));
            for (String column : columns) {
                text.append(
                        right(
                                figures.stream()
                                        .filter(f -> f.row().equals(row))
                                        .filter(f -> f.column().equals(column))
                                        .map(f -> number(f.value()))
                                        .collect(Collectors.joining())));
            }
            text.append('\n');
        }
    }

    private static Set<String> distinct(List<String> names) {
        return new LinkedHashSet<>(names);
    }

    /** A number with three digits or more, none of them in vain. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String left(String text) {
        return String.format(Locale.ROOT, "%-" + ROW + "s", text);
    }

    private static String right(String text) {
        return String.format(Locale.ROOT, "%" + COLUMN + "s", text);
    }
}
