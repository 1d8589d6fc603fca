package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.qwen3retrieval.models.network.PassTrace.Stage;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PassTraceTest {

    @Test
    void everyMicrosecondGoesToOneStage() throws IOException {
        // callees come before their callers, as the profiler writes them
        Map<Stage, Double> stages =
                PassTrace.stages(
                        trace(
                                event("aten::to", 1, 2),
                                event("start", 0, 5),
                                event("aten::mm", 12, 30),
                                event("aten::linear", 11, 32),
                                event("aten::mul", 45, 4),
                                event("aten::matmul", 52, 6),
                                event("attend", 50, 10),
                                event("layer", 10, 60),
                                event("aten::linear", 101, 7),
                                event("logits", 100, 9)));
        assertEquals(5e-6, stages.get(Stage.INPUT), 1e-12);
        assertEquals(32e-6, stages.get(Stage.PROJECTIONS), 1e-12);
        assertEquals(10e-6, stages.get(Stage.ATTENTION), 1e-12);
        assertEquals(18e-6, stages.get(Stage.ELEMENTWISE), 1e-12);
        assertEquals(9e-6, stages.get(Stage.HEAD), 1e-12);
    }

    @Test
    void int8ProductsAreProjections() throws IOException {
        Map<Stage, Double> stages =
                PassTrace.stages(
                        trace(
                                event("onednn::qlinear_pointwise", 0, 3),
                                event("aten::_int_mm", 4, 5),
                                event("aten::round_", 10, 1)));
        assertEquals(8e-6, stages.get(Stage.PROJECTIONS), 1e-12);
        assertEquals(1e-6, stages.get(Stage.ELEMENTWISE), 1e-12);
    }

    private static StringReader trace(String... events) {
        return new StringReader(Stream.of(events).collect(Collectors.joining(",", "[", "]")));
    }

    private static String event(String name, int start, int micros) {
        return "{\"name\": \""
                + name
                + "\", \"ph\": \"X\", \"ts\": "
                + start
                + ".0, \"dur\": "
                + micros
                + ".0, \"tid\": 1, \"shape\": [[2, 3], []], \"args\": {}}";
    }
}
