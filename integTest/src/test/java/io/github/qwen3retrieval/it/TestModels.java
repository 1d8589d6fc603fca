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
            RandomShape shape = shape(SHAPE);
            write(shape, ModelKind.EMBEDDING, DataType.BF16, models.resolve(EMBEDDING));
            write(shape, ModelKind.RERANKER, DataType.BF16, models.resolve(RERANKER));
            folder = models;
        }
        return folder;
    }

    /** The shape that a JSON text tells. */
    static RandomShape shape(String json) throws IOException {
        Path file = ScratchFolders.create("shape").resolve("shape.json");
        return RandomShape.of(Files.writeString(file, json).toString());
    }

    /** Writes a checkpoint of random weights, the same ones at every call. */
    static void write(RandomShape shape, ModelKind kind, DataType type, Path model) {
        new RandomCheckpoint(shape, kind, type, SEED, Long.MAX_VALUE).write(model);
    }

    /** Copies both into a node's models folder. */
    static void copyTo(Path models) throws IOException {
        ScratchFolders.copy(folder(), models);
    }
}
