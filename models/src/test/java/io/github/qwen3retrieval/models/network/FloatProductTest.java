package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.natives.Natives;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ways to multiply, whichever this machine would take. */
class FloatProductTest {

    private static final int COLUMNS = 72;

    @BeforeAll
    static void start() {
        PyTorch.start(Natives.fromSystemProperty());
        PyTorch.enter();
    }

    // 48, 96, 100: rows that fill no block of a packed matrix, which some CPUs get wrong when it is
    // packed
    @ParameterizedTest
    @CsvSource({
        "LINEAR, 1, 100",
        "LINEAR, 130, 128",
        "ONEDNN, 1, 32",
        "ONEDNN, 7, 48",
        "ONEDNN, 130, 96",
        "ONEDNN, 1, 100",
        "ONEDNN, 7, 128",
        "ONEDNN, 130, 192"
    })
    void productsAreRightForMatricesInMemoryAndInTheFile(
            FloatProduct product, int tokens, int rows) {
        float[] x = numbers(tokens * COLUMNS, 1);
        float[] w = numbers(rows * COLUMNS, 2);
        LiveArrays live = new LiveArrays();
        try (PtNDManager manager = PyTorch.newManager(Device.cpu())) {
            List<String> resources = List.of("float.torchscript", product.resource());
            Program program = new Program(manager, resources, live);
            WeightLoader loader = new WeightLoader(program, manager);
            Packing packing = new Packing(loader, product, Precision.FLOAT32);
            boolean packs = packing.suits(rows, COLUMNS);
            try (Value stream = loader.copy(x, tokens, COLUMNS);
                    Value plain = loader.copy(w, rows, COLUMNS);
                    Value own = loader.copy(w, rows, COLUMNS);
                    Value packed = packs ? packing.of(own) : own;
                    Value slow = program.run("product", stream, plain);
                    Value fast = program.run("product", stream, packed)) {
                assertRight(x, w, loader.fetch(slow));
                assertRight(x, w, loader.fetch(fast));
            }
        }
        assertEquals(0, live.count());
    }

    // whichever this machine takes; oneDNN has none for bfloat16 on CPUs without AVX-512
    @ParameterizedTest
    @CsvSource({"1, 48", "7, 128", "130, 192"})
    void bfloat16ProductsAreRightAsThisMachineTakesThem(int tokens, int rows) {
        float[] x = rounded(numbers(tokens * COLUMNS, 1));
        float[] w = rounded(numbers(rows * COLUMNS, 2));
        FloatProduct product = FloatProduct.of(Precision.BFLOAT16, Device.cpu());
        LiveArrays live = new LiveArrays();
        try (PtNDManager manager = PyTorch.newManager(Device.cpu())) {
            List<String> resources = List.of("float.torchscript", product.resource());
            Program program = new Program(manager, resources, live);
            WeightLoader loader = new WeightLoader(program, manager);
            Packing packing = new Packing(loader, product, Precision.BFLOAT16);
            try (Value stream = bfloat16(loader, x, tokens);
                    Value own = bfloat16(loader, w, rows);
                    Value packed = packing.suits(rows, COLUMNS) ? packing.of(own) : own;
                    Value y = program.run("product", stream, packed)) {
                float[] actual = loader.fetch(y);
                for (int i = 0; i < actual.length; i++) {
                    double sum = sum(x, w, i);
                    // half a step of bfloat16, and what sums in float32 are off
                    assertEquals(sum, actual[i], Math.abs(sum) / 256 + 1e-4);
                }
            }
        }
        assertEquals(0, live.count());
    }

    private static Value bfloat16(WeightLoader loader, float[] numbers, int rows) {
        Program program = loader.program();
        try (Value floats = loader.copy(numbers, rows, COLUMNS);
                Value from = program.value(IValue.from((long) Precision.FLOAT32.torchType()));
                Value to = program.value(IValue.from((long) Precision.BFLOAT16.torchType()))) {
            return program.run("weight", floats, from, to);
        }
    }

    /** The numbers without what bfloat16 has no bits for. */
    private static float[] rounded(float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.intBitsToFloat(Float.floatToRawIntBits(numbers[i]) & 0xffff0000);
        }
        return numbers;
    }

    private static float[] numbers(int count, int seed) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static void assertRight(float[] x, float[] w, float[] product) {
        int rows = w.length / COLUMNS;
        assertEquals(x.length / COLUMNS * rows, product.length);
        for (int i = 0; i < product.length; i++) {
            assertEquals(sum(x, w, i), product[i], 1e-4);
        }
    }

    private static double sum(float[] x, float[] w, int i) {
        int rows = w.length / COLUMNS;
        double sum = 0;
        for (int k = 0; k < COLUMNS; k++) {
            sum += (double) x[i / rows * COLUMNS + k] * w[i % rows * COLUMNS + k];
        }
        return sum;
    }
}
