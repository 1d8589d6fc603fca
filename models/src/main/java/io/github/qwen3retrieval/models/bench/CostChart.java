package io.github.qwen3retrieval.models.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Cost against length as an SVG: microseconds per token, and below it memory beyond the model at
 * rest. Lengths stand at their logarithm in the upper frame; in the lower one at their value, where
 * memory that is linear in the length is a straight line.
 */
public final class CostChart {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 220;
    private static final int LEFT = 80;
    private static final int GAP = 70;

    private final Report report;
    private final StringBuilder svg = new StringBuilder();

    private CostChart(Report report) {
        this.report = report;
    }

    /** The picture of a report's curve. */
    public static String of(Report report) {
        return new CostChart(report).draw();
    }

    private String draw() {
        boolean memory = report.curve().stream().allMatch(point -> point.peakBytes() >= 0);
        int height = GAP + (memory ? 2 : 1) * (HEIGHT + GAP);
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                LEFT + WIDTH + 40, height);
        text(LEFT, 22, "start", title());
        frame(GAP, "µs per token", LengthCost::microsPerToken, p -> Math.log(p.tokens()));
        if (memory) {
            int top = GAP + HEIGHT + GAP;
            frame(top, "MB beyond the model at rest", p -> p.peakBytes() / 1e6, LengthCost::tokens);
        }
        return svg.append("</svg>\n").toString();
    }

    private String title() {
        return report.facts().get("model")
                + ", "
                + report.facts().get("precision")
                + ", "
                + report.facts().get("threads")
                + " threads, "
                + report.facts().get("processor");
    }

    private void frame(
            int top, String name, ToDoubleFunction<LengthCost> y, ToDoubleFunction<LengthCost> x) {
        List<LengthCost> curve = report.curve();
        double highest = 1.1 * Math.max(1e-9, curve.stream().mapToDouble(y).max().orElse(1));
        double from = x.applyAsDouble(curve.get(0));
        double to = x.applyAsDouble(curve.get(curve.size() - 1));
        text(LEFT, top - 8, "start", name + ", by tokens of a text");
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\""
                        + " stroke=\"#aaa\"/>%n",
                LEFT, top, WIDTH, HEIGHT);
        StringBuilder line = new StringBuilder();
        for (LengthCost point : curve) {
            double along = to > from ? (x.applyAsDouble(point) - from) / (to - from) : 0.5;
            double right = LEFT + 20 + (WIDTH - 40) * along;
            double value = y.applyAsDouble(point);
            double down = top + HEIGHT * (1 - value / highest);
            line.append(String.format(Locale.ROOT, "%.1f,%.1f ", right, down));
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#06c\"/>%n", right, down);
            text(right, down - 8, "middle", ReportTable.number(value));
            text(right, top + HEIGHT + 16, "middle", String.valueOf(point.tokens()));
        }
        add("<polyline fill=\"none\" stroke=\"#06c\" points=\"%s\"/>%n", line.toString().strip());
        text(LEFT - 8, top + 10, "end", ReportTable.number(highest));
        text(LEFT - 8, top + HEIGHT, "end", "0");
    }

    private void text(double x, double y, String anchor, String content) {
        String escaped = content.replace("&", "&amp;").replace("<", "&lt;");
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
