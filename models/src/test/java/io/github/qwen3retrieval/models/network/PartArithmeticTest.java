package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Products of bfloat16 parts give what libtorch's operators give, whichever this machine would
 * take: MKL has them on all CPUs of x86, if not fast ones.
 */
class PartArithmeticTest {

    private static final Device CPU = Device.cpu();

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        PyTorch.start(Natives.fromSystemProperty());
        PyTorch.enter();
    }

    // 130 and more rows of one pass are multiplied part by part, 513 and more in two slices
    @ParameterizedTest
    @CsvSource({
        "1, false",
        "40, false",
        "40, true",
        "300, false",
        "300, true",
        "1100, false",
        "1100, true"
    })
    void threePartsAreFloat32(int longest, boolean prefixed) throws Exception {
        if (Bfloat16Gemm.present()) {
            Arithmetic parts = arithmetic(DataType.BF16, Precision.FLOAT32);
            float[][] actual = hidden(parts, longest, prefixed);
            float[][] expected = hidden(libtorch(Precision.FLOAT32), longest, prefixed);
            for (int i = 0; i < expected.length; i++) {
                double largest = largest(expected[i]);
                for (int j = 0; j < expected[i].length; j++) {
                    assertEquals(expected[i][j], actual[i][j], 3e-6 * largest, i + ", " + j);
                }
            }
        } else {
            assertFalse(PartArithmetic.suits(checkpoint(DataType.BF16), Precision.FLOAT32, CPU));
        }
    }

    @ParameterizedTest
    @CsvSource({"40, false", "300, true"})
    void onePartIsNearerToFloat32ThanLibtorchsBfloat16(int longest, boolean prefixed)
            throws Exception {
        if (Bfloat16Gemm.present()) {
            Arithmetic part = arithmetic(DataType.BF16, Precision.BFLOAT16);
            float[][] exact = hidden(libtorch(Precision.FLOAT32), longest, prefixed);
            double ours = error(exact, hidden(part, longest, prefixed));
            double theirs = error(exact, hidden(libtorch(Precision.BFLOAT16), longest, prefixed));
            assertTrue(ours > 1e-5 && ours < theirs, ours + " against " + theirs);
        } else {
            assertFalse(PartArithmetic.suits(checkpoint(DataType.BF16), Precision.BFLOAT16, CPU));
        }
    }

    @Test
    void matricesThatAreNotBfloat16AreNotTakenForThem() throws Exception {
        for (DataType type : new DataType[] {DataType.F16, DataType.F32}) {
            Arithmetic arithmetic = Arithmetic.of(checkpoint(type), Precision.FLOAT32, CPU, 1);
            assertTrue(arithmetic instanceof FloatArithmetic, type.toString());
        }
    }

    @Test
    void linuxOnX86HasTheProduct() {
        boolean expected =
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64");
        assertEquals(expected, Bfloat16Gemm.present());
        assertTrue(NativeFunction.of("no_library_has_this", int.class).isEmpty());
    }

    private Checkpoint checkpoint(DataType type) throws Exception {
        Path written = folder.resolve(type.toString());
        if (written.toFile().mkdirs()) {
            TinyCheckpoint.write(written, ModelKind.EMBEDDING, type, Long.MAX_VALUE, true);
        }
        return Checkpoint.open(written.resolve("tiny-embedding"));
    }

    private Arithmetic arithmetic(DataType type, Precision precision) throws Exception {
        return new PartArithmetic(checkpoint(type), precision);
    }

    private Arithmetic libtorch(Precision precision) throws Exception {
        return FloatArithmetic.of(checkpoint(DataType.BF16), precision, CPU, 1);
    }

    /** Last hidden states, or logits behind a prefix, of three texts. */
    private float[][] hidden(Arithmetic arithmetic, int longest, boolean prefixed)
            throws Exception {
        List<int[]> texts = texts(longest);
        int[] shared = {9, 8, 7, 6, 5};
        int[] words = IntStream.range(0, 200).toArray();
        LiveArrays live = new LiveArrays();
        try (Checkpoint open = checkpoint(DataType.BF16);
                Network network = new Network(open, arithmetic, CPU, live, Runnable::run);
                Prefix prefix = prefixed ? network.prefix(null, shared, Interruption.NONE) : null) {
            return prefixed
                    ? network.logits(texts, prefix, words, Interruption.NONE)
                    : network.lastHidden(texts, null, Interruption.NONE);
        } finally {
            assertEquals(0, live.count());
        }
    }

    /** Three texts, the second one of so many tokens. */
    static List<int[]> texts(int longest) {
        return IntStream.of(1, longest, Math.min(7, longest))
                .mapToObj(n -> IntStream.range(0, n).map(i -> 31 * i % 251).toArray())
                .toList();
    }

    /** The largest absolute number. */
    static double largest(float[] numbers) {
        return IntStream.range(0, numbers.length)
                .mapToDouble(i -> Math.abs(numbers[i]))
                .max()
                .orElseThrow();
    }

    /** Root mean square of the differences, against that of the numbers. */
    private static double error(float[][] exact, float[][] rough) {
        double differences = 0;
        double squares = 0;
        for (int i = 0; i < exact.length; i++) {
            for (int j = 0; j < exact[i].length; j++) {
                differences += Math.pow(exact[i][j] - rough[i][j], 2);
            }
            squares += Arrays.stream(toDoubles(exact[i])).map(x -> x * x).sum();
        }
        return Math.sqrt(differences / squares);
    }

    private static double[] toDoubles(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }
}
