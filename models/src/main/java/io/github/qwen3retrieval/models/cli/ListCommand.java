package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen3 list}: what models there are, and what is wrong with the broken ones. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the models of a folder: id, kind, shape, bytes, precision.")
final class ListCommand implements Callable<Integer> {

    private static final String ROW = "%-32s %-10s %-44s %15s %-9s %s";

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "the models folder, or one checkpoint; default: the node's models folder")
    private Path folder;

    @Option(
            names = "--sha256",
            description = {
                "print the sha256 of each model's files too, which reads all of them; the same as",
                "sha256sum config.json tokenizer.json *.safetensors | sha256sum"
            })
    private boolean sha256;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path models = folder == null ? ModelsFolder.path() : folder;
        if (Files.isDirectory(models) == false) {
            throw new ModelException(
                    "there is no folder ["
                            + models.toAbsolutePath()
                            + "]; name one: qwen3 list DIR");
        }
        PrintWriter out = spec.commandLine().getOut();
        print(out, "id", "kind", "shape", "bytes", "precision", sha256 ? "sha256" : "");
        boolean sound = true;
        for (Path model : models(models)) {
            sound &= print(model, out);
        }
        return sound ? 0 : 1;
    }

    private static List<Path> models(Path folder) throws IOException {
        if (Files.exists(folder.resolve("config.json"))) {
            return List.of(folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .filter(file -> file.getFileName().toString().startsWith(".") == false)
                    .sorted()
                    .toList();
        }
    }

    private boolean print(Path folder, PrintWriter out) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            print(
                    out,
                    checkpoint.modelId(),
                    checkpoint.kind(),
                    shape(checkpoint.config()),
                    checkpoint.weightBytes(),
                    checkpoint.dataType().name().toLowerCase(Locale.ROOT),
                    sha256 ? CheckpointDigest.of(folder, () -> true) : "");
            return true;
        } catch (ModelException e) {
            out.println(folder.getFileName() + " cannot be used: " + e.getMessage());
            spec.commandLine().getErr().println(e.getMessage());
            return false;
        }
    }

    private static void print(PrintWriter out, Object... columns) {
        out.println(String.format(Locale.ROOT, ROW, columns).stripTrailing());
    }

    private static String shape(Qwen3Config config) {
        return config.layers()
                + " layers, hidden "
                + config.hiddenSize()
                + ", heads "
                + config.heads()
                + "/"
                + config.kvHeads()
                + "x"
                + config.headDim()
                + ", ffn "
                + config.intermediateSize();
    }
}
