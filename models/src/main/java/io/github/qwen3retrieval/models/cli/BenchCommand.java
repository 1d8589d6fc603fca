package io.github.qwen3retrieval.models.cli;

import com.google.gson.Gson;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code qwen3 bench}: how fast a checkpoint runs on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures load time, tokens/s or pairs/s and peak memory of a checkpoint.")
final class BenchCommand implements Callable<Integer> {

    private static final String WORDS =
            "a glacier is a persistent body of dense ice that moves downhill under its own weight";

    @Mixin private ModelOptions model;

    @Option(
            names = "--texts",
            paramLabel = "N",
            defaultValue = "50",
            description = "texts or pairs of one round (default: ${DEFAULT-VALUE})")
    private int texts;

    @Option(
            names = "--words",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "words of the longest text; the shortest has a fifth (default:"
                            + " ${DEFAULT-VALUE})")
    private int words;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "rounds after one to warm up; the median counts (default:"
                            + " ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Spec private CommandSpec spec;

    /** What was measured; peak memory in bytes, 0 where the system does not tell. */
    private record Result(
            String model,
            String kind,
            double loadSeconds,
            int texts,
            int tokens,
            double seconds,
            double tokensPerSecond,
            double textsPerSecond,
            long peakBytes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (texts < 1 || words < 1 || rounds < 1) {
            throw new IllegalArgumentException(
                    "[--texts], [--words] and [--rounds] must be at least [1], got ["
                            + texts
                            + "], ["
                            + words
                            + "], ["
                            + rounds
                            + "]");
        }
        long started = System.nanoTime();
        try (Models models = model.open()) {
            double load = seconds(started);
            ModelStatus status = models.status(model.modelId());
            print(measure(models, status, load));
        }
        return 0;
    }

    private Result measure(Models models, ModelStatus status, double load)
            throws IOException, InterruptedException {
        List<String> inputs = IntStream.range(0, texts).mapToObj(this::text).toList();
        int tokens = round(models, status, inputs);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            long started = System.nanoTime();
            round(models, status, inputs);
            times.add(seconds(started));
        }
        double median = times.stream().sorted().toList().get(rounds / 2);
        return new Result(
                status.id(),
                status.kind(),
                load,
                texts,
                tokens,
                median,
                tokens / median,
                texts / median,
                peakBytes());
    }

    /** Runs all texts once and returns their tokens. */
    private int round(Models models, ModelStatus status, List<String> inputs)
            throws InterruptedException {
        if (status.kind().equals("embedding")) {
            EmbeddingRequest request =
                    new EmbeddingRequest(status.id(), InputType.DOCUMENT, inputs, null, null, null);
            return Waiting.on(models.embed(request)).stream().mapToInt(Embedding::tokens).sum();
        }
        RerankRequest request =
                new RerankRequest(status.id(), "how do glaciers move", inputs, null, null, null);
        return Waiting.on(models.rerank(request)).scores().stream()
                .mapToInt(RerankScore::tokens)
                .sum();
    }

    /** Lengths are spread evenly; the number in front keeps texts apart. */
    private String text(int index) {
        int length = Math.max(1, words * (1 + index % 5) / 5);
        String[] vocabulary = WORDS.split(" ");
        StringBuilder text = new StringBuilder().append(index);
        for (int i = 1; i < length; i++) {
            text.append(' ').append(vocabulary[(index + i) % vocabulary.length]);
        }
        return text.toString();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static long peakBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status) == false) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private void print(Result result) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new Gson().toJson(result));
            return;
        }
        String unit = result.kind().equals("embedding") ? "texts" : "pairs";
        String row = "%-16s %12.2f %s%n";
        out.printf(Locale.ROOT, "%-16s %12s (%s)%n", "model", result.model(), result.kind());
        out.printf(Locale.ROOT, row, "load", result.loadSeconds(), "s");
        out.printf(Locale.ROOT, "%-16s %12d (%d tokens)%n", unit, result.texts(), result.tokens());
        out.printf(Locale.ROOT, row, "one round", result.seconds(), "s, median");
        out.printf(Locale.ROOT, row, "speed", result.tokensPerSecond(), "tokens/s");
        out.printf(Locale.ROOT, row, "", result.textsPerSecond(), unit + "/s");
        out.printf(Locale.ROOT, row, "peak memory", result.peakBytes() / 1e6, "MB, resident");
    }
}
