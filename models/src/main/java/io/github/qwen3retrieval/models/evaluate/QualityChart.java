package io.github.qwen3retrieval.models.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Quality against latency as an SVG: nDCG@10 over the median time of a search, which stands at its
 * logarithm. Each way to find candidates is a line, from no reranking (a hollow point) along its
 * windows (points with the window's size). The colours follow the reader's light or dark scheme.
 */
public final class QualityChart {

    private static final int LEFT = 70;
    private static final int TOP = 60;
    private static final int WIDTH = 620;
    private static final int HEIGHT = 380;
    private static final int LEGEND = 24;
    private static final String[] DASHES = {"", "6 3", "2 3"};

    private static final String[] LIGHT = {
        "#5b6470", "#0b62c4", "#b3470b", "#0f7a43", "#8a2fb0", "#a3123f"
    };
    private static final String[] DARK = {
        "#a9b2bf", "#62a8ff", "#ff9d5c", "#55cf8b", "#cf8df0", "#ff7a9c"
    };

    private final Map<String, List<RowFigures>> series = new LinkedHashMap<>();
    private final String title;
    private final StringBuilder svg = new StringBuilder();
    private double fastest = Double.MAX_VALUE;
    private double slowest;
    private double worst = 1;
    private double best;

    private QualityChart(Report report) {
        title = report.facts().getOrDefault("collection", "");
        for (RowFigures row : report.rows()) {
            if (row.queries() > 0 && row.medianMillis() > 0) {
                series.computeIfAbsent(row.series(), name -> new ArrayList<>()).add(row);
                fastest = Math.min(fastest, row.medianMillis());
                slowest = Math.max(slowest, row.medianMillis());
                worst = Math.min(worst, row.ndcg10());
                best = Math.max(best, row.ndcg10());
            }
        }
    }

    /** The picture of a report. */
    public static String of(Report report) {
        return new QualityChart(report).draw();
    }

    private String draw() {
        int width = LEFT + WIDTH + 30;
        int legendTop = TOP + HEIGHT + 70;
        int height = legendTop + (series.size() + 1) / 2 * LEGEND + 10;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " viewBox=\"0 0 %d %d\" role=\"img\">%n",
                width, height, width, height);
        add("<title>nDCG@10 against latency, %s</title>%n", escaped(title));
        add("<style>%n%s", scheme(LIGHT, "#fff", "#222", "#d5d8dc"));
        String dark = scheme(DARK, "#16181c", "#e4e6ea", "#3a3f47");
        add("@media (prefers-color-scheme: dark) {%n%s}%n</style>%n", dark);
        add("<rect class=\"paper\" width=\"100%%\" height=\"100%%\"/>%n");
        text(LEFT, 26, "start", "title", "Quality against latency: " + title);
        text(LEFT, 46, "start", "", "○ not reranked; ● reranked, the number is the window");
        if (series.isEmpty() == false) {
            scale();
            axes();
            int number = 0;
            for (Map.Entry<String, List<RowFigures>> each : series.entrySet()) {
                line(number, each.getValue());
                legend(number, each.getKey(), legendTop);
                number++;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    /** Classes instead of attributes: only a style sheet can ask for the reader's scheme. */
    private static String scheme(String[] colours, String paper, String ink, String faint) {
        StringBuilder css = new StringBuilder();
        css.append("text { font: 12px sans-serif; fill: ").append(ink).append(" }\n");
        css.append(".title { font-size: 15px; font-weight: bold }\n");
        css.append(".axis { stroke: ").append(ink).append(" }\n");
        css.append(".grid { stroke: ").append(faint).append(" }\n");
        css.append(".halo { paint-order: stroke; stroke-width: 3px; stroke: ");
        css.append(paper).append(" }\n");
        for (int i = 0; i < colours.length; i++) {
            css.append(".c").append(i).append(" { stroke-width: 2px; fill: none; stroke: ");
            css.append(colours[i]).append(" }\n");
            css.append(".f").append(i).append(" { fill: ").append(colours[i]).append(" }\n");
        }
        // behind the colours, which it must outdo in hollow points
        return css.append(".paper { fill: ").append(paper).append(" }\n").toString();
    }

    /**
     * Room around the points: a tenth of quality, and powers of ten of time at least half apart.
     */
    private void scale() {
        double margin = Math.max(0.02, (best - worst) * 0.12);
        worst = Math.max(0, Math.floor((worst - margin) * 50) / 50);
        best = Math.min(1, Math.ceil((best + margin) * 50) / 50);
        fastest /= 1.4;
        slowest *= 1.4;
    }

    private void axes() {
        double step = best - worst > 0.5 ? 0.1 : best - worst > 0.2 ? 0.05 : 0.02;
        for (int i = (int) Math.ceil(worst / step - 1e-9); i * step <= best + 1e-9; i++) {
            double y = y(i * step);
            path("grid", LEFT, y, LEFT + WIDTH, y);
            text(LEFT - 8, y + 4, "end", "", String.format(Locale.ROOT, "%.2f", i * step));
        }
        int[] factors = slowest / fastest > 10 ? new int[] {1, 2, 5} : new int[] {1, 2, 3, 4, 5, 7};
        for (int power = -2; power < 7; power++) {
            for (int factor : factors) {
                double millis = factor * Math.pow(10, power);
                if (millis >= fastest && millis <= slowest) {
                    double x = x(millis);
                    path("grid", x, TOP, x, TOP + HEIGHT);
                    text(x, TOP + HEIGHT + 18, "middle", "", tick(millis));
                }
            }
        }
        path("axis", LEFT, TOP, LEFT, TOP + HEIGHT);
        path("axis", LEFT, TOP + HEIGHT, LEFT + WIDTH, TOP + HEIGHT);
        text(
                LEFT + WIDTH / 2.0,
                TOP + HEIGHT + 42,
                "middle",
                "",
                "median time of a search, ms (logarithmic)");
        add(
                "<text transform=\"translate(18,%d) rotate(-90)\" text-anchor=\"middle\">nDCG@10</text>%n",
                TOP + HEIGHT / 2);
    }

    private void line(int number, List<RowFigures> rows) {
        StringBuilder points = new StringBuilder();
        for (RowFigures row : rows) {
            points.append(
                    String.format(
                            Locale.ROOT, "%.1f,%.1f ", x(row.medianMillis()), y(row.ndcg10())));
        }
        add(
                "<polyline class=\"%s\" points=\"%s\" stroke-dasharray=\"%s\"/>%n",
                colour(number), points.toString().strip(), dash(number));
        for (RowFigures row : rows) {
            double x = x(row.medianMillis());
            double y = y(row.ndcg10());
            point(number, x, y, row.window() > 0);
            if (row.window() > 0) {
                // above and below in turns, so that near lines keep their numbers apart
                boolean above = number % 2 == 0 || y > TOP + HEIGHT - 24;
                text(x, y + (above ? -9 : 18), "middle", "halo", "" + row.window());
            }
        }
    }

    private void legend(int number, String name, int top) {
        double x = LEFT + number % 2 * (WIDTH / 2.0);
        double y = top + number / 2 * LEGEND;
        add(
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\""
                        + " stroke-dasharray=\"%s\"/>%n",
                colour(number), x, y, x + 34, y, dash(number));
        point(number, x + 17, y, true);
        text(x + 42, y + 4, "start", "", name);
    }

    /** A shape of its own for each turn of the palette: lone points have no dashes. */
    private void point(int number, double x, double y, boolean filled) {
        String style = colour(number) + " " + (filled ? "f" + number % LIGHT.length : "paper");
        switch (number / LIGHT.length % DASHES.length) {
            case 0 -> add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n", style, x, y);
            case 1 ->
                    add(
                            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"8\" height=\"8\"/>%n",
                            style, x - 4, y - 4);
            default -> add("<path class=\"%s\" d=\"M%.1f %.1fl5 9h-10z\"/>%n", style, x, y - 5);
        }
    }

    private static String colour(int number) {
        return "c" + number % LIGHT.length;
    }

    private static String dash(int number) {
        return DASHES[number / LIGHT.length % DASHES.length];
    }

    private double x(double millis) {
        return LEFT + WIDTH * Math.log(millis / fastest) / Math.log(slowest / fastest);
    }

    private double y(double ndcg) {
        return TOP + HEIGHT * (best - ndcg) / (best - worst);
    }

    private static String tick(double millis) {
        return millis >= 1
                ? String.format(Locale.ROOT, "%.0f", millis)
                : String.format(Locale.ROOT, "%.2g", millis);
    }

    private void path(String style, double x1, double y1, double x2, double y2) {
        add(
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                style, x1, y1, x2, y2);
    }

    private void text(double x, double y, String anchor, String style, String content) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                style, x, y, anchor, escaped(content));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
