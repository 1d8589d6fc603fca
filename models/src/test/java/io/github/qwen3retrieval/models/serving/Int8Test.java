package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.failure;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Outliers;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.int8.PreparedFile;
import io.github.qwen3retrieval.models.network.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** int8 gives nearly what float32 gives, outliers or none, and the same again every time. */
class Int8Test {

    /** Like the published shapes, but small; 160 and 416 are no powers of two. */
    private static final String SHAPE =
            """
            {"hidden_size": 160, "num_hidden_layers": 4, "num_attention_heads": 4,
             "num_key_value_heads": 2, "head_dim": 64, "intermediate_size": 416,
             "max_position_embeddings": 4096, "initializer_range": 0.05}
            """;

    private static final String QUERY = "how do glaciers move";

    private static final int BATCH = 256;

    @TempDir Path folder;

    private Path write(ModelKind kind, DataType type, boolean outliers, int seed) throws Exception {
        Path shape = Files.writeString(folder.resolve("shape.json"), SHAPE);
        Path model = folder.resolve("m");
        new RandomCheckpoint(RandomShape.of(shape.toString()), kind, type, seed, Long.MAX_VALUE)
                .write(model);
        if (outliers) {
            Outliers.inject(model, Outliers.Readers.BALANCED, seed);
        }
        return model;
    }

    private static List<String> texts() {
        List<String> words = List.of("glaciers", "move", "ice", "pancakes", "冰川", "slide", "bed");
        return IntStream.range(0, 24)
                .mapToObj(
                        i ->
                                IntStream.rangeClosed(0, 1 + i * i / 3)
                                        .mapToObj(j -> words.get((i + 3 * j + j * j) % 7))
                                        .reduce("", (a, b) -> a + " " + b))
                .toList();
    }

    private List<Embedding> embed(Precision precision, int batch) throws Exception {
        try (Models models = Int8Models.open(folder, precision, MemoryBudget.UNLIMITED, batch)) {
            return get(models.embed(documents(texts().toArray(String[]::new))));
        }
    }

    private List<RerankScore> score(Precision precision) throws Exception {
        try (Models models = Int8Models.open(folder, precision, MemoryBudget.UNLIMITED, BATCH)) {
            List<RerankScore> first = get(models.rerank(rerank(QUERY, texts()))).scores();
            assertEquals(first, get(models.rerank(rerank(QUERY, texts()))).scores());
            return first;
        }
    }

    @ParameterizedTest
    @CsvSource({"BF16, false, 1", "F32, false, 2", "BF16, true, 3", "BF16, true, 4"})
    void vectorsAreCloseToThoseOfFloat32(DataType type, boolean outliers, int seed)
            throws Exception {
        write(ModelKind.EMBEDDING, type, outliers, seed);
        Int8Models.check(
                folder,
                () -> {
                    double worst =
                            Int8Models.worstCosine(
                                    embed(Precision.FLOAT32, BATCH), embed(Precision.INT8, BATCH));
                    System.out.println("int8, outliers " + outliers + ": worst cosine " + worst);
                    // a hundred channels even rounding out less than the thousand of real shapes
                    assertTrue(worst > (outliers ? 0.9 : 0.99), "worst cosine [" + worst + "]");
                    assertTrue(worst < 0.9999999, "int8 is not float32");
                });
    }

    @ParameterizedTest
    @CsvSource({"BF16, false, 1", "BF16, true, 3", "BF16, true, 4"})
    void scoresAreCloseToThoseOfFloat32(DataType type, boolean outliers, int seed)
            throws Exception {
        write(ModelKind.RERANKER, type, outliers, seed);
        Int8Models.check(
                folder,
                () -> {
                    double worst =
                            Int8Models.worstDifference(
                                    score(Precision.FLOAT32), score(Precision.INT8));
                    System.out.println("int8, outliers " + outliers + ": worst P(yes) " + worst);
                    assertTrue(worst < 0.03, "worst difference [" + worst + "]");
                    assertTrue(worst > 0, "int8 is not float32");
                });
    }

    @Test
    void aTextIsTheSameInAnyBatch() throws Exception {
        write(ModelKind.EMBEDDING, DataType.BF16, true, 5);
        Int8Models.check(
                folder,
                () -> {
                    List<Embedding> alone = embed(Precision.INT8, 1);
                    for (int batch : new int[] {64, 256, 4096}) {
                        double worst = Int8Models.worstCosine(alone, embed(Precision.INT8, batch));
                        assertTrue(worst > 0.9999, "batch " + batch + ": [" + worst + "]");
                    }
                });
    }

    @Test
    void keptWeightsGiveTheSameBits() throws Exception {
        Path model = write(ModelKind.EMBEDDING, DataType.BF16, false, 6);
        Int8Models.check(
                folder,
                () -> {
                    List<Embedding> first = embed(Precision.INT8, 1);
                    assertTrue(Files.exists(model.resolve(PreparedFile.NAME)));
                    same(first, embed(Precision.INT8, 1));
                    Files.delete(model.resolve(PreparedFile.NAME));
                    Files.createDirectories(model.resolve(PreparedFile.NAME).resolve("in the way"));
                    same(first, embed(Precision.INT8, 1));
                });
    }

    private static void same(List<Embedding> expected, List<Embedding> actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).vector(), actual.get(i).vector(), "text " + i);
        }
    }

    @Test
    void theBudgetIsChargedAQuarterOfFloat32() throws Exception {
        // float16 is converted for float32; other weights may stay in the file
        write(ModelKind.EMBEDDING, DataType.F16, false, 7);
        Int8Models.check(
                folder,
                () -> {
                    long exact = charged(Precision.FLOAT32);
                    long small = charged(Precision.INT8);
                    assertTrue(small >= exact / 4, small + " of " + exact);
                    assertTrue(small < exact / 3.5, small + " of " + exact);
                });
    }

    private long charged(Precision precision) throws Exception {
        CountingBudget memory = new CountingBudget();
        try (Models models = Int8Models.open(folder, precision, memory, BATCH)) {
            models.open("m");
            long weights = memory.reserved();
            get(models.embed(documents(texts().toArray(String[]::new))));
            SmallModels.await("the batch is given back", () -> memory.reserved() == weights);
            models.unload("m");
            SmallModels.await("closing", () -> memory.reserved() == 0);
            SmallModels.await("freeing", () -> models.stats().nativeArrays() == 0);
            return weights;
        }
    }

    @Test
    void aCheckpointWithNansGivesAnErrorAndNoVector() throws Exception {
        Path model = write(ModelKind.EMBEDDING, DataType.BF16, false, 8);
        NanCheckpoint.spoil(model);
        Int8Models.check(
                folder,
                () -> {
                    try (Models models =
                            Int8Models.open(
                                    folder, Precision.INT8, MemoryBudget.UNLIMITED, BATCH)) {
                        ModelException e =
                                failure(ModelException.class, models.embed(documents("ice")));
                        assertTrue(e.getMessage().contains("no finite vector"), e.getMessage());
                    }
                });
    }
}
