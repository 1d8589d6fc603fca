package io.github.qwen3retrieval.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class QualityChartTest {

    @Test
    void eachWayToSearchIsALineWithItsWindows() throws Exception {
        Document svg =
                parse(
                        report(
                                row("BM25", 0, 0.4, 3),
                                row("BM25", 10, 0.5, 300),
                                row("BM25", 100, 0.6, 3000),
                                row("kNN exact 256", 0, 0.45, 12)));
        NodeList lines = svg.getElementsByTagName("polyline");
        assertEquals(2, lines.getLength());
        String[] points = ((Element) lines.item(0)).getAttribute("points").split(" ");
        assertEquals(3, points.length);
        // slower is further right, better is higher up
        assertTrue(x(points[0]) < x(points[1]) && x(points[1]) < x(points[2]));
        assertTrue(y(points[0]) > y(points[1]) && y(points[1]) > y(points[2]));
        // logarithmic: from 3 to 300 is twice as far as from 300 to 3000
        assertEquals(2, (x(points[1]) - x(points[0])) / (x(points[2]) - x(points[1])), 0.01);
        List<String> texts = texts(svg);
        assertTrue(
                texts.containsAll(List.of("10", "100", "BM25", "kNN exact 256")), texts::toString);
        assertTrue(texts.contains("nDCG@10"), texts::toString);
        assertTrue(texts.contains("median time of a search, ms (logarithmic)"), texts::toString);
        // points of the curves, and one of each in the legend
        assertEquals(4 + 2, svg.getElementsByTagName("circle").getLength());
    }

    @Test
    void pointsStayWithinTheFrame() throws Exception {
        Document svg = parse(report(row("BM25", 0, 0, 0.5), row("BM25", 10, 1, 90_000)));
        String[] points =
                ((Element) svg.getElementsByTagName("polyline").item(0))
                        .getAttribute("points")
                        .split(" ");
        for (String point : points) {
            assertTrue(x(point) >= 70 && x(point) <= 690, point);
            assertTrue(y(point) >= 60 && y(point) <= 440, point);
        }
    }

    @Test
    void theReadersSchemeDecidesTheColours() {
        String svg = QualityChart.of(report(row("BM25", 0, 0.4, 3)));
        assertTrue(svg.contains("@media (prefers-color-scheme: dark)"), svg);
    }

    @Test
    void anythingCanBeDrawn() throws Exception {
        parse(report());
        parse(report(row("BM25", 0, 0.4, 3)));
        parse(report(row("a < b & \"c\"", 10, 0.4, 3)));
        RowFigures[] many =
                IntStream.range(0, 40)
                        .mapToObj(i -> row("series " + i, 0, i / 40.0, 1 + i))
                        .toArray(RowFigures[]::new);
        assertEquals(40, parse(report(many)).getElementsByTagName("polyline").getLength());
    }

    private static RowFigures row(String series, int window, double ndcg, double millis) {
        String name = window == 0 ? series : series + " + rerank " + window;
        return new RowFigures(name, series, window, 5, 0, ndcg, ndcg, ndcg, millis, millis, 0);
    }

    private static Report report(RowFigures... rows) {
        return new Report(Map.of("collection", "a<b"), List.of(rows), List.of());
    }

    private static Document parse(Report report) throws Exception {
        byte[] svg = QualityChart.of(report).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg));
    }

    private static List<String> texts(Document svg) {
        NodeList texts = svg.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> texts.item(i).getTextContent())
                .toList();
    }

    private static double x(String point) {
        return Double.parseDouble(point.split(",")[0]);
    }

    private static double y(String point) {
        return Double.parseDouble(point.split(",")[1]);
    }
}
