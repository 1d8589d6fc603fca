package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements over time, as a picture and as numbers: {@code target/NAME.svg} and {@code .json}.
 */
final class ChartOverTime {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 160;
    private static final int MARGIN = 60;

    private final String title;
    private final Map<String, List<double[]>> curves = new LinkedHashMap<>();

    ChartOverTime(String title) {
        this.title = title;
    }

    /** Adds a point to a curve, each of which gets a frame and a scale of its own. */
    void point(String curve, double seconds, double value) {
        curves.computeIfAbsent(curve, name -> new ArrayList<>()).add(new double[] {seconds, value});
    }

    /**
     * How fast a curve rises from a moment on: the slope of the straight line that fits best.
     *
     * @return per second
     */
    double slope(String curve, double fromSeconds) {
        double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
        for (double[] p : curves.get(curve)) {
            if (p[0] >= fromSeconds) {
                n++;
                sx += p[0];
                sy += p[1];
                sxx += p[0] * p[0];
                sxy += p[0] * p[1];
            }
        }
        return (n * sxy - sx * sy) / (n * sxx - sx * sx);
    }

    /**
     * Writes both files.
     *
     * @param facts put beside the numbers
     */
    void write(String name, Map<String, Object> facts) throws IOException {
        Path folder = Files.createDirectories(Path.of("target"));
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("curves", curves);
        Files.writeString(folder.resolve(name + ".json"), Articles.JSON.writeValueAsString(all));
        StringBuilder svg = new StringBuilder();
        int height = MARGIN + curves.size() * (HEIGHT + MARGIN);
        svg.append(
                Template.fill(
                        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d'"
                                + " font-family='sans-serif' font-size='12'>\n"
                                + "<rect width='100%%' height='100%%' fill='white'/>\n"
                                + "<text x='%d' y='24' font-size='16'>%s</text>\n",
                        WIDTH + 2 * MARGIN, height, MARGIN, title));
        int top = MARGIN;
        for (var curve : curves.entrySet()) {
            draw(svg, curve.getKey(), curve.getValue(), top);
            top += HEIGHT + MARGIN;
        }
        Files.writeString(folder.resolve(name + ".svg"), svg.append("</svg>\n"));
    }

    private static void draw(StringBuilder svg, String name, List<double[]> points, int top) {
        double seconds = Math.max(1e-9, points.getLast()[0]);
        double highest = points.stream().mapToDouble(p -> p[1]).max().orElse(1);
        double scale = highest <= 0 ? 1 : highest * 1.1;
        svg.append(
                Template.fill(
                        "<text x='%d' y='%d'>%s, highest %.0f, %.0f s</text>\n"
                                + "<rect x='%d' y='%d' width='%d' height='%d' fill='none'"
                                + " stroke='#aaa'/>\n<polyline fill='none' stroke='#06c' points='",
                        MARGIN, top - 6, name, highest, seconds, MARGIN, top, WIDTH, HEIGHT));
        for (double[] p : points) {
            svg.append(
                    Template.fill(
                            "%.1f,%.1f ",
                            MARGIN + WIDTH * p[0] / seconds, top + HEIGHT * (1 - p[1] / scale)));
        }
        svg.append("'/>\n");
    }
}
