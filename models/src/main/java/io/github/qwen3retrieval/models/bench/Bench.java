package io.github.qwen3retrieval.models.bench;

import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import io.github.qwen3retrieval.models.network.PyTorch;
import io.github.qwen3retrieval.models.serving.Models;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The benchmark of a checkpoint: what the machine can do, what the model makes of it, where the
 * time goes. It wants the machine for itself.
 */
public final class Bench {

    /** Texts shorter than this many tokens are measured this many tokens at a time. */
    private static final int FILL = 1024;

    private final ModelSetup setup;
    private final BenchOptions options;
    private final Consumer<String> progress;
    private final Qwen3Config config;
    private final ModelKind kind;
    private PromptSize size;
    private final List<Figure> figures = new ArrayList<>();
    private final List<LengthCost> curve = new ArrayList<>();
    private final Map<NumberType, Double> rates = new EnumMap<>(NumberType.class);

    /**
     * A benchmark, not begun.
     *
     * @param progress told of each step before it begins
     * @throws io.github.qwen3retrieval.models.ModelException if the checkpoint is broken
     */
    public Bench(ModelSetup setup, BenchOptions options, Consumer<String> progress) {
        this.setup = setup;
        this.options = options;
        this.progress = progress;
        try (Checkpoint checkpoint = Checkpoint.open(setup.folder())) {
            config = checkpoint.config();
            kind = checkpoint.kind();
        }
    }

    /**
     * Measures everything.
     *
     * @param natives libtorch
     * @param opening opens the model
     * @throws IllegalArgumentException if the model cannot read texts of a length that is asked for
     */
    public Report run(Natives natives, Supplier<Models> opening) throws InterruptedException {
        PyTorch.start(natives);
        size = PromptSize.of(kind, setup.folder().resolve("tokenizer.json"), config.maxPositions());
        check("--lengths", options.lengths());
        check("--batch-length", List.of(options.batchLength()));
        check("--stage-lengths", options.stageLengths());
        machine();
        requests(opening);
        try (StageTimes stages = new StageTimes(setup, size)) {
            figures.addAll(stages.prefix(options.seconds() / 3));
            for (int length : options.stageLengths()) {
                progress.accept("stages of a pass, " + length + " tokens");
                figures.addAll(stages.of(length));
            }
        }
        return new Report(facts(), List.copyOf(figures), List.copyOf(curve));
    }

    private void machine() throws InterruptedException {
        GemmRates gemm =
                new GemmRates(config, PyTorch.device(setup.device()), options.seconds() / 12);
        Set<NumberType> kinds = EnumSet.of(NumberType.FLOAT32, numbers());
        if (Cpu.here().vnni()) {
            kinds.add(NumberType.INT8);
        }
        for (NumberType numbers : kinds) {
            String name = numbers.name().toLowerCase(Locale.ROOT);
            progress.accept("matrix products, " + name);
            String group = "matrix products, GFLOP/s";
            double one = gemm.rate(numbers, 1);
            figures.add(Figure.rate(group, name, "one thread", one / 1e9));
            double all = setup.threads() == 1 ? one : gemm.rate(numbers, setup.threads());
            figures.add(Figure.rate(group, name, "all threads", all / 1e9));
            rates.put(numbers, all);
        }
    }

    /** The numbers of the model's products, whose rate its own is held against. */
    private NumberType numbers() {
        return switch (setup.precision().toString()) {
            case "int8" -> NumberType.INT8;
            case "bfloat16" -> NumberType.BFLOAT16;
            case "float32" -> NumberType.FLOAT32;
            default ->
                    PyTorch.device(setup.device()).isGpu()
                            ? NumberType.BFLOAT16
                            : NumberType.FLOAT32;
        };
    }

    private void requests(Supplier<Models> opening) {
        progress.accept("opening the model");
        Models[] opened = new Models[1];
        double load = Clock.once(() -> opened[0] = opening.get());
        try (Models models = opened[0]) {
            figures.add(Figure.cost("model", "open", "s", load));
            memory("anonymous memory when open", ProcessMemory.anonymous());
            String id = setup.folder().getFileName().toString();
            Workload work = new Workload(models, id, kind, size);
            work.request(2 * setup.threads(), 32).run();
            memory("anonymous memory when warm", ProcessMemory.anonymous());
            lengths().forEach(length -> length(work, length));
            for (int batch : options.batches()) {
                batch(work, batch);
            }
            memory("anonymous memory in the end", ProcessMemory.anonymous());
        }
    }

    private void memory(String row, long bytes) {
        if (bytes >= 0) {
            figures.add(Figure.cost("memory", row, "MB", bytes / 1e6));
        }
    }

    private void check(String option, List<Integer> lengths) {
        int longest = config.maxPositions() - size.whole(0);
        for (int length : lengths) {
            if (length > longest) {
                throw new IllegalArgumentException(
                        "["
                                + option
                                + "] must be at most ["
                                + longest
                                + "] for this model, got ["
                                + length
                                + "]");
            }
        }
    }

    private List<Integer> lengths() {
        return options.lengths().isEmpty()
                ? BenchOptions.LENGTHS.stream()
                        .filter(length -> size.whole(length) <= config.maxPositions())
                        .toList()
                : options.lengths();
    }

    private void length(Workload work, int length) {
        int texts = Math.max(setup.threads(), FILL / length);
        progress.accept(texts + " texts of " + length + " tokens");
        Runnable request = work.request(texts, length);
        long before = ProcessMemory.resident();
        boolean peaks = ProcessMemory.forgetPeak();
        double seconds = Clock.median(request, options.seconds());
        long peak = peaks ? ProcessMemory.peak() - before : -1;
        String row = length + " tokens";
        speeds("by length", row, texts, length, seconds);
        if (peak >= 0) {
            figures.add(Figure.cost("by length", row, "peak MB", peak / 1e6));
        }
        curve.add(new LengthCost(length, seconds * 1e6 / texts / length, peak));
    }

    private void batch(Workload work, int texts) {
        int length = options.batchLength();
        progress.accept("requests of " + texts + " texts of " + length + " tokens");
        double seconds = Clock.median(work.request(texts, length), options.seconds());
        String group = "by batch, texts of " + length + " tokens";
        String row = texts == 1 ? "1 text" : texts + " texts";
        figures.add(Figure.cost(group, row, "seconds", seconds));
        speeds(group, row, texts, length, seconds);
    }

    private void speeds(String group, String row, int texts, int length, double seconds) {
        Flops flops = new Flops(config);
        double needed =
                flops.sequences(texts, length + size.behind(), size.before())
                        + flops.prefix(size.before())
                        - flops.prefix(size.template());
        String unit = kind == ModelKind.EMBEDDING ? "texts/s" : "pairs/s";
        double tokens = (double) texts * length;
        figures.add(Figure.rate(group, row, unit, texts / seconds));
        figures.add(Figure.rate(group, row, "tokens/s", tokens / seconds));
        figures.add(Figure.cost(group, row, "µs/token", seconds * 1e6 / tokens));
        figures.add(
                Figure.rate(
                        group,
                        row,
                        "% of products",
                        100 * needed / seconds / rates.get(numbers())));
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", setup.folder().getFileName().toString());
        facts.put("kind", kind.name().toLowerCase(Locale.ROOT));
        facts.put("shape", config.layers() + " layers, hidden size " + config.hiddenSize());
        facts.put("precision", setup.precision().toString());
        facts.put("device", setup.device());
        facts.put("threads", String.valueOf(setup.threads()));
        facts.put("tokens of a pass", String.valueOf(setup.batchTokens()));
        Cpu cpu = Cpu.here();
        facts.put("processor", cpu.name());
        facts.put("instructions", String.join(" ", cpu.matrixFlags()));
        facts.put("libtorch", PyTorch.version());
        return facts;
    }
}
