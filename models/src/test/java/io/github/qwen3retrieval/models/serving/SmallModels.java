package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Small checkpoints, and requests to them. */
final class SmallModels {

    private SmallModels() {}

    /** Writes a checkpoint of this name; another seed gives other vectors. */
    static Path write(Path parent, String name, ModelKind kind, int seed) throws IOException {
        return write(parent, name, kind, DataType.BF16, seed);
    }

    /** The same of a type; of float16 weights every machine makes a copy. */
    static Path write(Path parent, String name, ModelKind kind, DataType type, int seed)
            throws IOException {
        Path file = Files.writeString(parent.resolve("shape.json"), TinyCheckpoint.SHAPE);
        Path folder = parent.resolve(name);
        RandomShape shape = RandomShape.of(file.toString());
        new RandomCheckpoint(shape, kind, type, seed, Long.MAX_VALUE).write(folder);
        return folder;
    }

    /** The files of a folder under another path too; they are not to be written to. */
    static Path link(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.createLink(to.resolve(file.getFileName()), file);
            }
        }
        return to;
    }

    /** Bytes of the keys and values of so many tokens. */
    static long prefixBytes(Path model, int tokens) {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            Qwen3Config config = checkpoint.config();
            long keysAndValues = 2L * config.layers() * config.kvHeads() * config.headDim();
            return Float.BYTES * keysAndValues * tokens;
        }
    }

    static EmbeddingRequest documents(String... texts) {
        return new EmbeddingRequest(null, InputType.DOCUMENT, List.of(texts), null, null, null);
    }

    static EmbeddingRequest query(String text) {
        return new EmbeddingRequest(null, InputType.QUERY, List.of(text), null, null, null);
    }

    static RerankRequest rerank(String query, List<String> documents) {
        return new RerankRequest(null, query, documents, null, null, null);
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(120, TimeUnit.SECONDS);
    }

    /** Waits for what happens soon after an answer, such as the end of a batch. */
    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (condition.getAsBoolean() == false) {
            assertTrue(System.nanoTime() < end, what + " has not come true within a minute");
            Thread.sleep(5);
        }
    }

    static <T extends Throwable> T failure(Class<T> type, CompletableFuture<?> future) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> get(future));
        return assertInstanceOf(type, e.getCause());
    }
}
