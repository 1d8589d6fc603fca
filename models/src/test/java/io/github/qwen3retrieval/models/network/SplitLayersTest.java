package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.natives.Natives;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers in pieces give what whole ones do, whoever computes the pieces. */
class SplitLayersTest {

    private static final Device CPU = Device.cpu();

    private static final String SHAPE =
            """
            {"hidden_size": 256, "num_hidden_layers": 3, "num_attention_heads": 8,
             "num_key_value_heads": 4, "head_dim": 64, "intermediate_size": 512,
             "max_position_embeddings": 4096, "initializer_range": 0.05}
            """;

    private static final Qwen3Config SHAPE_06 =
            new Qwen3Config(1024, 28, 16, 8, 128, 3072, 151_669, 32_768, 1e-6, 1e6, true);

    private static final Interruption THREADS = new ManyThreads();

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        PyTorch.start(Natives.fromSystemProperty());
        PyTorch.enter();
    }

    private Checkpoint checkpoint(DataType type) throws Exception {
        Path written = folder.resolve(type.toString());
        if (Files.exists(written) == false) {
            Path shape = Files.writeString(folder.resolve("shape.json"), SHAPE);
            RandomShape random = RandomShape.of(shape.toString());
            new RandomCheckpoint(random, ModelKind.RERANKER, type, 1, Long.MAX_VALUE)
                    .write(written);
        }
        return Checkpoint.open(written);
    }

    // 1100 tokens are more than one slice of the feed-forward network, 2100 more than Java's
    // attention takes
    @ParameterizedTest
    @CsvSource({
        "BF16, 1, false",
        "BF16, 40, false",
        "BF16, 40, true",
        "BF16, 1100, true",
        "BF16, 2100, false",
        "BF16, 2100, true",
        "F32, 40, true"
    })
    void float32IsTheSameInPieces(DataType type, int longest, boolean prefixed) throws Exception {
        float[][] whole = hidden(type, Precision.FLOAT32, 1, longest, prefixed, Interruption.NONE);
        for (int pieces : new int[] {2, 4}) {
            float[][] split =
                    hidden(type, Precision.FLOAT32, pieces, longest, prefixed, Interruption.NONE);
            float[][] shared = hidden(type, Precision.FLOAT32, pieces, longest, prefixed, THREADS);
            for (int i = 0; i < whole.length; i++) {
                assertArrayEquals(split[i], shared[i], "by several threads");
                assertArrayEquals(
                        whole[i], split[i], (float) (3e-6 * PartArithmeticTest.largest(whole[i])));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"40, true", "1100, false"})
    void bfloat16IsAsNearInPieces(int longest, boolean prefixed) throws Exception {
        Precision rough = Precision.BFLOAT16;
        DataType type = DataType.BF16;
        float[][] exact = hidden(type, Precision.FLOAT32, 1, longest, prefixed, Interruption.NONE);
        float[][] whole = hidden(type, rough, 1, longest, prefixed, Interruption.NONE);
        float[][] split = hidden(type, rough, 4, longest, prefixed, Interruption.NONE);
        float[][] shared = hidden(type, rough, 4, longest, prefixed, THREADS);
        for (int i = 0; i < whole.length; i++) {
            assertArrayEquals(split[i], shared[i], "by several threads");
            assertTrue(
                    distance(exact[i], split[i]) < 1.2 * distance(exact[i], whole[i]),
                    distance(exact[i], split[i]) + " and " + distance(exact[i], whole[i]));
        }
    }

    @Test
    void aPieceThatFailsLeavesNothingBehind() throws Exception {
        int[] calls = {0};
        Interruption failing =
                new Interruption() {
                    @Override
                    public void betweenLayers() {}

                    @Override
                    public void share(int pieces, IntConsumer piece) {
                        for (int i = 0; i < pieces; i++) {
                            calls[0]++;
                            if (calls[0] == 7) {
                                throw new IllegalStateException("no more");
                            }
                            piece.accept(i);
                        }
                    }
                };
        // hidden() looks for values that were not closed
        assertThrows(
                IllegalStateException.class,
                () -> hidden(DataType.BF16, Precision.FLOAT32, 4, 5, false, failing));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 4", "7, 4", "8, 8", "64, 8"})
    void thereAreNoMorePiecesThanThreads(int threads, int pieces) {
        assertEquals(pieces, Splitting.of(SHAPE_06, threads, Precision.FLOAT32).pieces());
    }

    @Test
    void whatIsSmallStaysWhole() {
        Qwen3Config small = new Qwen3Config(128, 3, 4, 2, 64, 256, 4000, 4096, 1e-6, 1e6, true);
        assertEquals(1, Splitting.of(small, 8, Precision.FLOAT32).pieces());
    }

    @Test
    void fasterProductsAreInFewerPieces() {
        assertEquals(4, Splitting.of(SHAPE_06, 8, Precision.INT8).pieces());
    }

    /** Last hidden states, or logits behind a prefix that continues another, of three texts. */
    private float[][] hidden(
            DataType type,
            Precision precision,
            int pieces,
            int longest,
            boolean prefixed,
            Interruption interruption)
            throws Exception {
        List<int[]> texts = PartArithmeticTest.texts(longest);
        LiveArrays live = new LiveArrays();
        try (Checkpoint open = checkpoint(type)) {
            Splitting splitting = new Splitting(open.config(), pieces);
            Arithmetic arithmetic = new FloatArithmetic(open, precision, CPU, splitting);
            try (Network network = new Network(open, arithmetic, CPU, live, Runnable::run)) {
                return prefixed
                        ? behindPrefixes(network, texts, interruption)
                        : network.lastHidden(texts, null, interruption);
            }
        } finally {
            assertEquals(0, live.count());
        }
    }

    private static float[][] behindPrefixes(
            Network network, List<int[]> texts, Interruption interruption) {
        int[] words = IntStream.range(0, 200).toArray();
        try (Prefix first = network.prefix(null, new int[] {9, 8, 7}, interruption);
                Prefix second = network.prefix(first, new int[] {6, 5}, interruption)) {
            return network.logits(texts, second, words, interruption);
        }
    }

    private static double distance(float[] a, float[] b) {
        return Math.sqrt(
                IntStream.range(0, a.length).mapToDouble(i -> Math.pow(a[i] - b[i], 2)).sum());
    }
}
