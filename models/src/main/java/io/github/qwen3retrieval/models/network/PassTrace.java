package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a pass goes, from libtorch's own profiler: the very operators of {@code
 * qwen3.torchscript} as they ran, not a copy of them. The profiler adds about a microsecond to each
 * of them, some hundredth of a pass of 256 tokens through the smallest model.
 *
 * <p>Every operator's time, less that of the operators it calls, goes to one stage: by the method
 * of the program it runs in where that is {@code start}, {@code angles}, {@code mask} (what comes
 * before the layers), {@code logits}, {@code fetch} (what comes behind them) or {@code attend…},
 * else by its name.
 */
public final class PassTrace {

    /** What an operator is there for. */
    public enum Stage {
        /** Makes the first rows of the stream, the angles and the mask. */
        INPUT,
        /** Matrix products outside of attention: by weights, or to spread activations for int8. */
        PROJECTIONS,
        /** Scores, softmax and sum of values. */
        ATTENTION,
        /** The rest of the layers: norms, rotation, activation, quantising, copies. */
        ELEMENTWISE,
        /** Logits of the words that are asked for, and their way to Java. */
        HEAD
    }

    private record Event(String name, double start, double micros) {}

    private record Open(Stage stage, double end) {}

    private PassTrace() {}

    /**
     * Runs passes on the calling thread and tells their seconds by stage. Only one trace at a time
     * in a process.
     */
    public static Map<Stage, Double> of(Runnable passes) {
        try {
            Path file = Files.createTempFile("qwen3-trace", ".json");
            try {
                JniUtils.startProfile(false, false, false);
                long before = Bfloat16Gemm.nanos();
                long attentionBefore = JavaAttention.nanos();
                try {
                    passes.run();
                } finally {
                    JniUtils.stopProfile(file.toString());
                }
                double products = (Bfloat16Gemm.nanos() - before) / 1e9;
                double attention = (JavaAttention.nanos() - attentionBefore) / 1e9;
                try (Reader json = Files.newBufferedReader(file)) {
                    Map<Stage, Double> stages = stages(json);
                    // these are no operators of libtorch
                    stages.merge(Stage.PROJECTIONS, products, Double::sum);
                    stages.merge(Stage.ATTENTION, attention, Double::sum);
                    return stages;
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Seconds by stage of a trace in the format of Chrome's trace viewer, times in microseconds.
     */
    static Map<Stage, Double> stages(Reader json) throws IOException {
        Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            seconds.put(stage, 0.0);
        }
        Deque<Open> callers = new ArrayDeque<>();
        for (Event event : events(json)) {
            while (callers.isEmpty() == false && callers.peek().end <= event.start) {
                callers.pop();
            }
            Stage of = callers.isEmpty() ? Stage.ELEMENTWISE : callers.peek().stage;
            Stage stage = of == Stage.ELEMENTWISE ? stage(event.name) : of;
            if (callers.isEmpty() == false) {
                seconds.merge(of, -event.micros / 1e6, Double::sum);
            }
            seconds.merge(stage, event.micros / 1e6, Double::sum);
            callers.push(new Open(stage, event.start + event.micros));
        }
        return seconds;
    }

    private static Stage stage(String name) {
        if (name.equals("start") || name.equals("angles") || name.equals("mask")) {
            return Stage.INPUT;
        }
        if (name.equals("logits") || name.equals("fetch")) {
            return Stage.HEAD;
        }
        if (name.startsWith("attend") || name.contains("scaled_dot_product")) {
            return Stage.ATTENTION;
        }
        boolean product = name.contains("linear") || name.contains("matmul") || name.endsWith("mm");
        return product ? Stage.PROJECTIONS : Stage.ELEMENTWISE;
    }

    /** Callers before what they call. */
    private static List<Event> events(Reader json) throws IOException {
        List<Event> events = new ArrayList<>();
        JsonReader reader = new JsonReader(json);
        reader.beginArray();
        while (reader.hasNext()) {
            events.add(event(reader));
        }
        reader.endArray();
        events.sort(
                Comparator.comparingDouble(Event::start)
                        .thenComparing(Event::micros, Comparator.reverseOrder()));
        return events;
    }

    private static Event event(JsonReader reader) throws IOException {
        String name = "";
        double start = 0;
        double micros = 0;
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "name" -> name = reader.nextString();
                case "ts" -> start = reader.nextDouble();
                case "dur" -> micros = reader.nextDouble();
                default -> reader.skipValue();
            }
        }
        reader.endObject();
        return new Event(name, start, micros);
    }
}
