package io.github.qwen3retrieval.models.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small random checkpoints for tests: two layers, and heads × head_dim other than hidden_size. */
public final class TinyCheckpoint {

    /** What differs from the 0.6B shape. */
    public static final String SHAPE =
            """
            {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 32, "intermediate_size": 96,
             "max_position_embeddings": 4096, "initializer_range": 0.1}
            """;

    private TinyCheckpoint() {}

    /** A bfloat16 checkpoint in one file, under the folder given. */
    public static Path write(Path parent, ModelKind kind) throws IOException {
        return write(parent, kind, DataType.BF16, Long.MAX_VALUE, true);
    }

    /** A checkpoint of any kind, under the folder given. */
    public static Path write(
            Path parent, ModelKind kind, DataType type, long maxShardBytes, boolean tied)
            throws IOException {
        Path file = Files.writeString(parent.resolve("shape.json"), SHAPE);
        Path folder = parent.resolve("tiny-" + kind);
        RandomShape shape = RandomShape.of(file.toString()).withTiedEmbeddings(tied);
        new RandomCheckpoint(shape, kind, type, 42, maxShardBytes).write(folder);
        return folder;
    }
}
