package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pass that runs alone is helped by threads that have nothing to do, and gives the same. */
class LonePassTest {

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

    private Models models(int threads, Precision precision) {
        return new Models(
                ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                        .precision(precision)
                        .device("cpu")
                        .threads(threads)
                        .nice(NICE)
                        .build(),
                MemoryBudget.UNLIMITED);
    }

    private List<float[]> vectors(int threads, Precision precision) throws Exception {
        List<float[]> vectors = new ArrayList<>();
        try (Models models = models(threads, precision)) {
            for (String text : TEXTS) {
                vectors.add(get(models.embed(documents(text))).getFirst().vector());
            }
        }
        return vectors;
    }

    private List<RerankScore> scores(int threads) throws Exception {
        List<RerankScore> scores = new ArrayList<>();
        try (Models models = models(threads, Precision.INT8)) {
            for (String text : TEXTS) {
                scores.addAll(get(models.rerank(rerank(text, List.of("snow")))).scores());
            }
        }
        return scores;
    }

    @Test
    void int8VectorsAreTheSameByAnyNumberOfThreads() throws Exception {
        write(ModelKind.EMBEDDING);
        Int8Models.check(
                folder,
                () -> {
                    List<float[]> alone = vectors(1, Precision.INT8);
                    for (int threads : new int[] {2, 3, 8}) {
                        List<float[]> shared = vectors(threads, Precision.INT8);
                        for (int i = 0; i < alone.size(); i++) {
                            assertArrayEquals(alone.get(i), shared.get(i), threads + " threads");
                        }
                    }
                });
    }

    @Test
    void int8ScoresAreTheSameByAnyNumberOfThreads() throws Exception {
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

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void othersAreAsNearByAnyNumberOfThreads(Precision precision) throws Exception {
        write(ModelKind.EMBEDDING);
        double near = precision == Precision.FLOAT32 ? 1e-6 : 0.01;
        List<float[]> alone = vectors(1, precision);
        for (int threads : new int[] {2, 8}) {
            List<float[]> shared = vectors(threads, precision);
            List<float[]> again = vectors(threads, precision);
            for (int i = 0; i < alone.size(); i++) {
                assertArrayEquals(alone.get(i), shared.get(i), (float) near, threads + " threads");
                assertArrayEquals(shared.get(i), again.get(i), "another time");
            }
        }
    }

    @Test
    void helpersStandBackAsThePassDoesAndEndWithTheModels() throws Exception {
        write(ModelKind.EMBEDDING);
        int helpers = Math.min(1, Runtime.getRuntime().availableProcessors() - 1);
        int before = threads().size();
        try (Models models = models(2, Precision.BFLOAT16)) {
            models.open("m");
            SmallModels.await("both threads", () -> threads().size() == before + 2);
            for (String text : TEXTS) {
                get(models.embed(documents(text)));
            }
            SmallModels.await("one helper", () -> threads().size() == before + 2 + helpers);
            List<Integer> niceness = threads();
            assertEquals(
                    niceness.size() - before,
                    niceness.stream().filter(nice -> nice == NICE).count(),
                    "niceness " + niceness);
        }
        SmallModels.await("their end", () -> threads().size() <= before);
    }

    /** Niceness of each of this process's threads for passes, see proc(5). */
    private static List<Integer> threads() {
        List<Integer> niceness = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    int named = stat.lastIndexOf(')');
                    if (stat.substring(0, named).matches(".*\\(qwen3-(worker|help).*")) {
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
