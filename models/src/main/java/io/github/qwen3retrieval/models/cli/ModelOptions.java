package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.bench.ModelSetup;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which every command that runs a model names it and says how. */
final class ModelOptions {

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "the checkpoint's folder")
    private Path folder;

    @Option(
            names = "--precision",
            paramLabel = "P",
            defaultValue = "auto",
            description = "auto, float32, bfloat16 or int8 (default: ${DEFAULT-VALUE})")
    private String precision;

    @Mixin private DeviceOption device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "passes that run side by side (default: all processors)")
    private Integer threads;

    @Option(
            names = "--batch-tokens",
            paramLabel = "N",
            defaultValue = "" + ModelsOptions.DEFAULT_BATCH_TOKENS,
            description =
                    "tokens of one pass, a longer text is a pass of its own (default:"
                            + " ${DEFAULT-VALUE}; on a GPU several thousand are faster)")
    private int batchTokens;

    /** The model's folder name. */
    String modelId() {
        return path().getFileName().toString();
    }

    /** The checkpoint's folder. */
    Path path() {
        return folder.toAbsolutePath().normalize();
    }

    /** What it computes in, {@link Precision#AUTO} as it was given. */
    private Precision precision() {
        return Precision.parse(precision);
    }

    /** Passes that run side by side. */
    private int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** All of it. */
    ModelSetup setup() {
        return new ModelSetup(path(), precision(), device.name(), threads(), batchTokens);
    }

    /**
     * Models that hold this one; the caller closes them.
     *
     * @throws IllegalArgumentException if the folder is not there or an option is wrong
     */
    Models open() {
        check();
        return open(setup());
    }

    /** Models that hold the checkpoint of a setup, open; the caller closes them. */
    static Models open(ModelSetup setup) {
        ModelsOptions.Builder options =
                ModelsOptions.builder(Natives.fromSystemProperty(), setup.folder().getParent())
                        .precision(setup.precision())
                        .device(setup.device())
                        .threads(setup.threads())
                        .batchTokens(setup.batchTokens());
        Models models = new Models(options.build(), MemoryBudget.UNLIMITED);
        boolean opened = false;
        try {
            models.open(setup.folder().getFileName().toString());
            opened = true;
            return models;
        } finally {
            if (opened == false) {
                models.close();
            }
        }
    }

    /**
     * Looks at the options alone.
     *
     * @throws IllegalArgumentException if the folder is not there or an option is wrong
     */
    void check() {
        if (Files.isDirectory(folder) == false) {
            throw new IllegalArgumentException("[--model] [" + folder + "] is not a folder");
        }
        if (threads() < 1) {
            throw new IllegalArgumentException(
                    "[--threads] must be at least [1], got [" + threads + "]");
        }
        if (batchTokens < 1) {
            throw new IllegalArgumentException(
                    "[--batch-tokens] must be at least [1], got [" + batchTokens + "]");
        }
        precision();
    }
}
