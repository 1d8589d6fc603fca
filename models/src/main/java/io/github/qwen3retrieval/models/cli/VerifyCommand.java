package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen3 verify}: does this checkpoint, on this machine, give what is published for it? */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a checkpoint on the inputs whose results are published for its model, in"
                    + " float32, and says for each whether it is equal or by how much not.",
            "Exit 0: equal, or nothing is published for this shape. Exit 1: not equal."
        })
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "the checkpoint's folder")
    private Path folder;

    @Mixin private DeviceOption device;

    @Spec private CommandSpec spec;

    private boolean equal = true;

    @Override
    public Integer call() throws InterruptedException {
        Path path = folder.toAbsolutePath().normalize();
        if (Files.isDirectory(path) == false) {
            throw new IllegalArgumentException("[" + folder + "] is not a folder");
        }
        String id = path.getFileName().toString();
        PrintWriter out = spec.commandLine().getOut();
        ModelsOptions options =
                ModelsOptions.builder(Natives.fromSystemProperty(), path.getParent())
                        .precision(Precision.FLOAT32)
                        .device(device.name())
                        .build();
        try (Models models = new Models(options, MemoryBudget.UNLIMITED)) {
            models.open(id);
            ModelStatus model = models.status(id);
            Optional<PublishedValues> published = PublishedValues.of(model);
            if (published.isEmpty()) {
                out.printf(
                        Locale.ROOT,
                        "nothing is published for a model of kind [%s] with [%d] layers and hidden"
                                + " size [%d]; the checkpoint is complete and opens%n",
                        model.kind(),
                        model.layers(),
                        model.hiddenSize());
                return 0;
            }
            check(models, id, published.get());
            out.println(
                    equal
                            ? "equal to the published values of " + published.get().name()
                            : "NOT equal to the published values of "
                                    + published.get().name()
                                    + ": another or damaged checkpoint, or a fine-tuned one");
        }
        return equal ? 0 : 1;
    }

    private void check(Models models, String id, PublishedValues published)
            throws InterruptedException {
        for (PublishedValues.Vector vector : published.vectors()) {
            Embedding embedding =
                    embed(models, id, InputType.DOCUMENT, List.of(vector.text())).get(0);
            double worst = 0;
            for (int i = 0; i < vector.vector().length; i++) {
                double difference = embedding.vector()[i] - vector.vector()[i];
                worst = Math.max(worst, Math.abs(difference));
            }
            String what = "vector of \"" + vector.text() + "\", largest difference";
            report(what, 0, worst, vector.tolerance(), vector.source());
        }
        for (PublishedValues.Cosines cosines : published.cosines()) {
            check(models, id, cosines);
        }
        for (PublishedValues.Scores scores : published.scores()) {
            check(models, id, scores);
        }
    }

    private void check(Models models, String id, PublishedValues.Cosines cosines)
            throws InterruptedException {
        List<Embedding> queries = embed(models, id, InputType.QUERY, cosines.queries());
        List<Embedding> documents = embed(models, id, InputType.DOCUMENT, cosines.documents());
        for (int i = 0; i < queries.size(); i++) {
            for (int j = 0; j < documents.size(); j++) {
                double cosine = dot(queries.get(i).vector(), documents.get(j).vector());
                String what = "cosine of query " + (i + 1) + " and document " + (j + 1);
                report(
                        what,
                        cosines.cosines()[i][j],
                        cosine,
                        cosines.tolerance(),
                        cosines.source());
            }
        }
    }

    private void check(Models models, String id, PublishedValues.Scores scores)
            throws InterruptedException {
        RerankRequest request =
                new RerankRequest(
                        id, scores.query(), scores.documents(), scores.instruction(), null, null);
        List<RerankScore> got = Waiting.on(models.rerank(request)).scores();
        for (int i = 0; i < got.size(); i++) {
            boolean logits = scores.logits() != null;
            report(
                    (logits ? "log-odds" : "P(yes)")
                            + " of \""
                            + scores.query()
                            + "\" and document "
                            + (i + 1),
                    logits ? scores.logits()[i] : scores.probabilities()[i],
                    logits ? got.get(i).logit() : got.get(i).probability(),
                    scores.tolerance(),
                    scores.source());
        }
    }

    private static List<Embedding> embed(
            Models models, String id, InputType type, List<String> texts)
            throws InterruptedException {
        return Waiting.on(models.embed(new EmbeddingRequest(id, type, texts, null, null, null)));
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }

    private void report(String what, double expected, double got, double tolerance, String source) {
        boolean fits = Math.abs(got - expected) <= tolerance;
        equal &= fits;
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s  %s: published %.4f, here %.4f, allowed ± %.4f (%s)%n",
                        fits ? "equal    " : "NOT equal",
                        what,
                        expected,
                        got,
                        tolerance,
                        source);
    }
}
