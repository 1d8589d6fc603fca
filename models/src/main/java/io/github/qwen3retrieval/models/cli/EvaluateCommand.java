package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.bench.ModelSetup;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.evaluate.BeirFiles;
import io.github.qwen3retrieval.models.evaluate.CheckpointSearcher;
import io.github.qwen3retrieval.models.evaluate.Corpus;
import io.github.qwen3retrieval.models.evaluate.Evaluation;
import io.github.qwen3retrieval.models.evaluate.LabelledQueries;
import io.github.qwen3retrieval.models.evaluate.ModelAsked;
import io.github.qwen3retrieval.models.evaluate.ModelChoice;
import io.github.qwen3retrieval.models.evaluate.Node;
import io.github.qwen3retrieval.models.evaluate.NodeOptions;
import io.github.qwen3retrieval.models.evaluate.NodePreparation;
import io.github.qwen3retrieval.models.evaluate.Plan;
import io.github.qwen3retrieval.models.evaluate.QualityChart;
import io.github.qwen3retrieval.models.evaluate.Report;
import io.github.qwen3retrieval.models.evaluate.ReportJson;
import io.github.qwen3retrieval.models.evaluate.ReportTable;
import io.github.qwen3retrieval.models.evaluate.Row;
import io.github.qwen3retrieval.models.evaluate.Stage;
import io.github.qwen3retrieval.models.evaluate.VectorField;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code qwen3 evaluate}: how well searches find what was judged to be relevant. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Measures relevance on a collection with judgements, over a node's search API or with two"
                    + " checkpoints alone: BM25, kNN and their union, each with and without reranking."
                    + " Writes table.txt, report.json, quality.svg and the answers to a folder; the"
                    + " same command again goes on where it was interrupted.",
            "Exit 0: every query was answered. Exit 1: some were not; one line for each says why."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Mixin private CollectionOptions collection;
    @Mixin private NodeTargetOptions target;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder for answers and results, made where it is not there")
    private Path out;

    @Option(
            names = "--embedding",
            paramLabel = "M",
            description = "model_id at the node, or folder of a checkpoint (default: the only one)")
    private String embedding;

    @Option(names = "--reranker", paramLabel = "M", description = "the same for reranking")
    private String reranker;

    @Option(
            names = "--stages",
            split = ",",
            paramLabel = "S,…",
            description = "of bm25, knn, hybrid (default: all; knn without a node)")
    private List<String> stages = List.of();

    @Option(
            names = "--windows",
            split = ",",
            paramLabel = "N,…",
            defaultValue = "10,20,50,100",
            description = "candidates to rerank, or none (default: ${DEFAULT-VALUE})")
    private List<String> windows;

    @Option(
            names = "--dimensions",
            split = ",",
            paramLabel = "N,…",
            description = "lengths of vectors (default: the model's, or all the index has)")
    private List<Integer> dimensions = List.of();

    @Option(
            names = "--k",
            paramLabel = "N",
            defaultValue = "100",
            description = "hits of a search without reranking (default: ${DEFAULT-VALUE})")
    private int k;

    @Option(
            names = "--instruction",
            paramLabel = "S",
            description = "what the searches are for (default: web search)")
    private String instruction;

    @Option(
            names = "--rerank-instruction",
            paramLabel = "S",
            description = "the same for the reranker alone (default: --instruction)")
    private String rerankInstruction;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "tokens after which texts are cut (default: 8192)")
    private Integer maxLength;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description = {
                "float32, bfloat16 or int8; a node's is set there, and must be this (default: as the"
                        + " node has it, auto without one)"
            })
    private String precision;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "passes side by side, without a node (default: all processors)")
    private Integer threads;

    @Spec private CommandSpec spec;

    private CountProgress progress;

    @Override
    public Integer call() throws IOException, InterruptedException {
        progress = new CountProgress(spec.commandLine().getErr());
        Plan plan = plan();
        BeirFiles files = collection.files();
        LabelledQueries labelled = LabelledQueries.read(files, collection.limit());
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("collection", collection.name(files));
        facts.put("queries", "" + labelled.queries().size());
        return target.given()
                ? onNode(plan, files, labelled, facts)
                : onCheckpoints(plan, files, labelled, facts);
    }

    private Plan plan() {
        List<Stage> chosen = stages.stream().map(Stage::parse).toList();
        if (chosen.isEmpty()) {
            chosen = target.given() ? List.of(Stage.values()) : List.of(Stage.KNN);
        }
        List<Integer> sizes =
                windows.equals(List.of("none"))
                        ? List.of()
                        : windows.stream().map(EvaluateCommand::window).toList();
        for (int length : dimensions) {
            if (length < EmbeddingRequest.MIN_DIMENSIONS) {
                throw new IllegalArgumentException(
                        "[--dimensions] must be at least ["
                                + EmbeddingRequest.MIN_DIMENSIONS
                                + "], got ["
                                + length
                                + "]");
            }
        }
        return new Plan(chosen, sizes, k);
    }

    private static int window(String size) {
        try {
            return Integer.parseInt(size.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "[--windows] must be whole numbers or [none], got [" + size + "]");
        }
    }

    private int onNode(
            Plan plan, BeirFiles files, LabelledQueries labelled, Map<String, String> facts)
            throws IOException, InterruptedException {
        NodeOptions options = target.options(dimensions);
        Corpus corpus = null;
        if (options.create()) {
            corpus = Corpus.open(files.corpusFile());
            labelled.check(corpus.ids(), "[--corpus] [" + files.corpus() + "]");
        }
        ModelChoice choice =
                new ModelChoice(
                        embedding,
                        reranker,
                        instruction,
                        rerankInstruction == null ? instruction : rerankInstruction,
                        maxLength,
                        precision == null ? null : Precision.parse(precision).toString());
        try (Node node = target.node()) {
            NodePreparation.Prepared ready =
                    new NodePreparation(node, options, plan, labelled, progress)
                            .prepare(choice, corpus);
            facts.putAll(ready.facts());
            Evaluation evaluation = new Evaluation(labelled, ready.searcher(), out, progress);
            int code = tell(evaluation, plan.rows(ready.fields()), facts);
            return ready.failed() > 0 ? 1 : code;
        }
    }

    private int onCheckpoints(
            Plan plan, BeirFiles files, LabelledQueries labelled, Map<String, String> facts)
            throws IOException, InterruptedException {
        if (plan.stages().equals(List.of(Stage.KNN)) == false) {
            throw new IllegalArgumentException(
                    "[--stages] "
                            + plan.stages()
                            + " need a node, whose BM25 it is: name one with [--node], or leave"
                            + " only [knn]");
        }
        if (target.types().equals(List.of("exact")) == false && target.types().isEmpty() == false) {
            throw new IllegalArgumentException(
                    "[--knn] " + target.types() + " need a node; without [--node] it is [exact]");
        }
        ModelSetup first = setup("--embedding", embedding);
        ModelSetup second = plan.reranks() ? setup("--reranker", reranker) : null;
        Corpus corpus = Corpus.open(files.corpusFile());
        labelled.check(corpus.ids(), "[--corpus] [" + files.corpus() + "]");
        String task = rerankInstruction == null ? instruction : rerankInstruction;
        try (Models embedder = ModelOptions.open(first);
                Models rerankerModels = second == null ? null : ModelOptions.open(second)) {
            ModelAsked asked = asked(embedder, first, "embedding", instruction);
            ModelAsked judged =
                    second == null ? null : asked(rerankerModels, second, "reranker", task);
            CheckpointSearcher searcher =
                    new CheckpointSearcher(
                            new CheckpointSearcher.LocalModels(
                                    embedder, asked, rerankerModels, judged),
                            plan,
                            corpus,
                            labelled.sha256());
            List<VectorField> fields = fields(asked);
            searcher.embed(corpus, out, progress);
            facts.put("documents", "" + corpus.ids().size());
            facts.put("embedding", asked.label());
            if (judged != null) {
                facts.put("reranker", judged.label());
            }
            return tell(
                    new Evaluation(labelled, searcher, out, progress), plan.rows(fields), facts);
        }
    }

    private List<VectorField> fields(ModelAsked model) {
        List<Integer> lengths = dimensions.isEmpty() ? List.of(model.hiddenSize()) : dimensions;
        for (int length : lengths) {
            if (length > model.hiddenSize()) {
                throw new IllegalArgumentException(
                        "[--dimensions] must be at most the ["
                                + model.hiddenSize()
                                + "] of the model, got ["
                                + length
                                + "]");
            }
        }
        return lengths.stream()
                .distinct()
                .map(length -> new VectorField("vector_" + length, length, VectorField.FLAT))
                .toList();
    }

    private ModelSetup setup(String option, String folder) {
        if (folder == null || Files.isDirectory(Path.of(folder)) == false) {
            throw new IllegalArgumentException(
                    "["
                            + option
                            + "] "
                            + (folder == null ? "is not given" : "[" + folder + "] is not a folder")
                            + ": name a checkpoint's folder"
                            + (option.equals("--reranker")
                                    ? ", or leave out reranking with" + " [--windows none]"
                                    : "")
                            + ", or a node with [--node]");
        }
        int passes = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (passes < 1) {
            throw new IllegalArgumentException(
                    "[--threads] must be at least [1], got [" + threads + "]");
        }
        return new ModelSetup(
                Path.of(folder).toAbsolutePath().normalize(),
                Precision.parse(precision == null ? "auto" : precision),
                "auto",
                passes,
                ModelsOptions.DEFAULT_BATCH_TOKENS);
    }

    private ModelAsked asked(Models models, ModelSetup setup, String kind, String task)
            throws IOException {
        ModelStatus status = models.status(setup.folder().getFileName().toString());
        if (kind.equals(status.kind()) == false) {
            throw new IllegalArgumentException(
                    "[--"
                            + kind
                            + "] ["
                            + setup.folder()
                            + "] is a model of kind ["
                            + status.kind()
                            + "]");
        }
        String sha256 = CheckpointDigest.of(setup.folder(), () -> true);
        return new ModelAsked(
                status.id(), sha256, status.precision(), status.hiddenSize(), task, maxLength);
    }

    private int tell(Evaluation evaluation, List<Row> rows, Map<String, String> facts)
            throws IOException, InterruptedException {
        Files.createDirectories(out);
        Thread goodbye = new Thread(this::sayGoodbye);
        Runtime.getRuntime().addShutdownHook(goodbye);
        Report report;
        try {
            report = evaluation.run(rows, facts);
        } finally {
            leave(goodbye);
        }
        progress.end();
        String table = ReportTable.of(report);
        Files.writeString(out.resolve("table.txt"), table);
        ReportJson.write(report, out.resolve("report.json"));
        Files.writeString(out.resolve("quality.svg"), QualityChart.of(report));
        PrintWriter console = spec.commandLine().getOut();
        console.print(table);
        console.flush();
        return report.complete() ? 0 : 1;
    }

    private void sayGoodbye() {
        progress.note("interrupted: what was answered is kept; run the same command to go on");
    }

    private static void leave(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending: the hook runs
        }
    }
}
