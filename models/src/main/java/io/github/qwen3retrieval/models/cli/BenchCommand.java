package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.bench.Bench;
import io.github.qwen3retrieval.models.bench.BenchOptions;
import io.github.qwen3retrieval.models.bench.Comparison;
import io.github.qwen3retrieval.models.bench.CostChart;
import io.github.qwen3retrieval.models.bench.Report;
import io.github.qwen3retrieval.models.bench.ReportJson;
import io.github.qwen3retrieval.models.bench.ReportTable;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.serving.Models;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code qwen3 bench}: how fast a checkpoint runs on this machine, and where the time goes. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures what matrix products reach on this machine, and of a checkpoint load time,"
                    + " tokens/s or pairs/s by length and batch, the stages of a pass, and memory."
        })
final class BenchCommand implements Callable<Integer> {

    @Mixin private ModelOptions model;

    @Option(
            names = "--lengths",
            split = ",",
            paramLabel = "N,…",
            description = "tokens of the texts (default: 64,256,1024,4096)")
    private List<Integer> lengths = List.of();

    @Option(
            names = "--batches",
            split = ",",
            paramLabel = "N,…",
            defaultValue = "1,4,16",
            description = "texts of a request (default: ${DEFAULT-VALUE})")
    private List<Integer> batches;

    @Option(
            names = "--batch-length",
            paramLabel = "N",
            defaultValue = "128",
            description = "tokens of each of them (default: ${DEFAULT-VALUE})")
    private int batchLength;

    @Option(
            names = "--stage-lengths",
            split = ",",
            paramLabel = "N,…",
            defaultValue = "128,1024",
            description =
                    "tokens of the texts whose passes are taken apart (default: ${DEFAULT-VALUE})")
    private List<Integer> stageLengths;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "3",
            description =
                    "how long a figure is measured at least, and once at any rate; the median"
                            + " counts (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures there too")
    private Path json;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "draw cost per token and memory against length")
    private Path svg;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "an earlier --json file: print each figure beside its own, and the ratio")
    private Path compare;

    @Option(
            names = "--requests",
            description = {
                "measure nothing but requests from standard input, one after the other: lines"
                        + " {\"texts\": […]}, with \"query\" for a reranker, to lines"
                        + " {\"seconds\": s, \"vectors\" or \"scores\": […]}"
            })
    private boolean requests;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        model.check();
        if (requests) {
            try (Models models = model.open()) {
                new TimedRequests(models, model.modelId(), out).answer(System.in);
            }
            return 0;
        }
        BenchOptions options =
                new BenchOptions(lengths, batches, batchLength, stageLengths, seconds);
        checkFolder("--json", json);
        checkFolder("--svg", svg);
        Report old = compare == null ? null : ReportJson.read(compare, "--compare");
        Report report = measure(options);
        out.print(ReportTable.of(report));
        if (old != null) {
            out.println();
            out.print(new Comparison(old, report).text());
        }
        out.flush();
        if (json != null) {
            ReportJson.write(report, json);
        }
        if (svg != null) {
            Files.writeString(svg, CostChart.of(report));
        }
        return 0;
    }

    private Report measure(BenchOptions options) throws InterruptedException {
        ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr());
        return new Bench(model.setup(), options, progress::note)
                .run(Natives.fromSystemProperty(), model::open);
    }

    /** Better known before minutes of measuring than after. */
    private static void checkFolder(String option, Path file) {
        if (file == null) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("[" + option + "] [" + file + "] is a folder");
        }
        if (Files.isDirectory(file.toAbsolutePath().getParent()) == false) {
            throw new IllegalArgumentException(
                    "["
                            + option
                            + "] ["
                            + file
                            + "] cannot be written: its folder is not there, make it first");
        }
    }
}
