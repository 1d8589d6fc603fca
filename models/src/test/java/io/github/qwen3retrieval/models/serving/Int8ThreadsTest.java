package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pass that runs alone in int8 takes threads that have nothing to do, and gives the same bits.
 */
class Int8ThreadsTest {

    private static final String SHAPE =
            """
            {"hidden_size": 384, "num_hidden_layers": 2, "num_attention_heads": 6,
             "num_key_value_heads": 2, "head_dim": 64, "intermediate_size": 1152,
             "max_position_embeddings": 4096, "initializer_range": 0.05}
            """;

    /** Of lengths that products are cut at differently. */
    private static final List<String> TEXTS =
            Stream.of(1, 2, 7, 15, 16, 31, 63, 120).map("ice slides "::repeat).toList();

    private static final int NICE = 3;

    @TempDir Path folder;

    private void write(ModelKind kind) throws Exception {
        Path shape = Files.writeString(folder.resolve("shape.json"), SHAPE);
        new RandomCheckpoint(
                        RandomShape.of(shape.toString()), kind, DataType.BF16, 1, Long.MAX_VALUE)
                .write(folder.resolve("m"));
    }

    private Models models(int threads) {
        return new Models(
                ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                        .precision(Precision.INT8)
                        .device("cpu")
                        .threads(threads)
                        .nice(NICE)
                        .build(),
                MemoryBudget.UNLIMITED);
    }

    private List<float[]> vectors(int threads) throws Exception {
        List<float[]> vectors = new ArrayList<>();
        try (Models models = models(threads)) {
            for (String text : TEXTS) {
                vectors.add(get(models.embed(documents(text))).getFirst().vector());
            }
        }
        return vectors;
    }

    private List<RerankScore> scores(int threads) throws Exception {
        List<RerankScore> scores = new ArrayList<>();
        try (Models models = models(threads)) {
            for (String text : TEXTS) {
                scores.addAll(get(models.rerank(rerank(text, List.of("snow")))).scores());
            }
        }
        return scores;
    }

    @Test
    void vectorsAreTheSameByAnyNumberOfThreads() throws Exception {
        write(ModelKind.EMBEDDING);
        Int8Models.check(
                folder,
                () -> {
                    List<float[]> alone = vectors(1);
                    for (int threads : new int[] {2, 3, 8}) {
                        List<float[]> shared = vectors(threads);
                        for (int i = 0; i < alone.size(); i++) {
                            assertArrayEquals(alone.get(i), shared.get(i), threads + " threads");
                        }
                    }
                });
    }

    @Test
    void scoresAreTheSameByAnyNumberOfThreads() throws Exception {
        write(ModelKind.RERANKER);
        Int8Models.check(
                folder,
                () -> {
                    List<RerankScore> alone = scores(1);
                    for (int threads : new int[] {2, 3, 8}) {
                        assertEquals(alone, scores(threads), threads + " threads");
                    }
                });
    }

    @Test
    void theThreadsTakenStandBackAsThePassDoesAndEndWithTheModels() throws Exception {
        write(ModelKind.EMBEDDING);
        Int8Models.check(
                folder,
                () -> {
                    int before = workers().size();
                    try (Models models = models(2)) {
                        models.open("m");
                        SmallModels.await("both threads", () -> workers().size() == before + 2);
                        for (String text : TEXTS) {
                            get(models.embed(documents(text)));
                        }
                        // the kernel names a thread after the one that made it
                        List<Integer> niceness = workers();
                        assertTrue(niceness.size() > before + 2, niceness + " help nobody");
                        assertTrue(
                                niceness.stream().filter(nice -> nice == NICE).count()
                                        >= niceness.size() - before,
                                "niceness " + niceness);
                    }
                    SmallModels.await("their end", () -> workers().size() <= before);
                });
    }

    /** Niceness of each of this process's threads for passes, see proc(5). */
    private static List<Integer> workers() {
        List<Integer> niceness = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    int named = stat.lastIndexOf(')');
                    if (stat.substring(0, named).contains("(qwen3-worker")) {
                        niceness.add(Integer.parseInt(stat.substring(named + 2).split(" ")[16]));
                    }
                } catch (NoSuchFileException e) {
                    // has ended meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return niceness;
    }
}
