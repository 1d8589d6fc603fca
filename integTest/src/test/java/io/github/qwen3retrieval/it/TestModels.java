package io.github.qwen3retrieval.it;

import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small checkpoints of random weights with the official tokenizers. */
final class TestModels {

    /** Model of vectors of 64 numbers. */
    static final String EMBEDDING = "tiny-embedding-0.1b";

    /** Model of scores. */
    static final String RERANKER = "tiny-reranker-0.1b";

    /** Longest vector of {@link #EMBEDDING}. */
    static final int DIMENSIONS = 64;

    private static final long SEED = 20250605;

    // weights wide enough that texts differ clearly in vector and score
    static final String SHAPE =
            """
            { "hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4,
              "num_key_value_heads": 2, "head_dim": 32, "intermediate_size": 160,
              "initializer_range": 0.2 }
            """;

    private static Path folder;

    private TestModels() {}

    /** The folder that holds both, made at the first call. */
    static synchronized Path folder() throws IOException {
        if (folder == null) {
            Path models = ScratchFolders.create("models");
            Path shape = Files.writeString(models.resolve("shape.json"), SHAPE);
            write(shape, ModelKind.EMBEDDING, models.resolve(EMBEDDING));
            write(shape, ModelKind.RERANKER, models.resolve(RERANKER));
            Files.delete(shape);
            folder = models;
        }
        return folder;
    }

    private static void write(Path shape, ModelKind kind, Path model) {
        new RandomCheckpoint(
                        RandomShape.of(shape.toString()), kind, DataType.BF16, SEED, Long.MAX_VALUE)
                .write(model);
    }

    /** Copies both into a node's models folder. */
    static void copyTo(Path models) throws IOException {
        ScratchFolders.copy(folder(), models);
    }
}
