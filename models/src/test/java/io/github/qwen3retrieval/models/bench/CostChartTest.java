package io.github.qwen3retrieval.models.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class CostChartTest {

    @Test
    void memoryThatIsLinearIsAStraightLineThroughTheLengths() throws Exception {
        Document svg =
                draw(
                        new LengthCost(1000, 10, 100_000_000),
                        new LengthCost(2000, 20, 200_000_000),
                        new LengthCost(4000, 40, 400_000_000));
        NodeList lines = svg.getElementsByTagName("polyline");
        assertEquals(2, lines.getLength());
        double[][] memory = points(lines, 1);
        double slope = (memory[1][1] - memory[0][1]) / (memory[1][0] - memory[0][0]);
        assertEquals(slope, (memory[2][1] - memory[1][1]) / (memory[2][0] - memory[1][0]), 0.01);
        assertTrue(slope < 0, "more memory stands higher: " + slope);
    }

    @Test
    void oneLengthAndNoMemoryMakeAPictureToo() throws Exception {
        Document svg = draw(new LengthCost(64, 5000, -1));
        assertEquals(1, svg.getElementsByTagName("polyline").getLength());
        assertEquals(1, svg.getElementsByTagName("circle").getLength());
    }

    private static double[][] points(NodeList lines, int index) {
        String points = lines.item(index).getAttributes().getNamedItem("points").getNodeValue();
        return List.of(points.split(" ")).stream()
                .map(point -> point.split(","))
                .map(xy -> new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])})
                .toArray(double[][]::new);
    }

    private static Document draw(LengthCost... curve) throws Exception {
        Map<String, String> facts = Map.of("model", "a<b&c", "precision", "float32");
        String svg = CostChart.of(new Report(facts, List.of(), List.of(curve)));
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }
}
