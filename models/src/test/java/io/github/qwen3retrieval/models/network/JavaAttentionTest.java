package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Java's attention gives what the program's gives, which is libtorch's. */
class JavaAttentionTest {

    @TempDir Path folder;

    private static final int DIMENSIONS = 32;

    private final LiveArrays live = new LiveArrays();
    private final Random random = new Random(1);

    @BeforeAll
    static void start() {
        PyTorch.start(Natives.fromSystemProperty());
        PyTorch.enter();
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 0, 1e-6", "FLOAT32, 90, 1e-6", "BFLOAT16, 0, 0.02", "BFLOAT16, 90, 0.02"})
    void bothWaysAgree(KeyType type, int past, double near) throws Exception {
        long[] lengths = {1, 150, 33};
        long tokens = Arrays.stream(lengths).sum();
        TinyCheckpoint.write(folder, ModelKind.EMBEDDING);
        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("tiny-embedding"));
                PtNDManager manager = PyTorch.newManager(Device.cpu())) {
            Qwen3Config config = checkpoint.config();
            assertEquals(DIMENSIONS, config.headDim());
            Program program =
                    new Program(manager, List.of("rows.torchscript", "int8.torchscript"), live);
            try (Value queries = random(program, manager, type, tokens, config.heads());
                    Value keys = random(program, manager, type, tokens, config.kvHeads());
                    Value values = random(program, manager, type, tokens, config.kvHeads());
                    Value pastKeys = random(program, manager, type, past, config.kvHeads());
                    Value pastValues = random(program, manager, type, past, config.kvHeads());
                    Value before = past(program, past, pastKeys, pastValues);
                    Value lens = program.value(IValue.listFrom(lengths));
                    Value zero = program.value(IValue.from(0L));
                    Value mask = program.run("mask", zero, zero, keys)) {
                Layers.Batch batch =
                        new Layers.Batch(lengths, past, lens, null, mask, layer -> before);
                JavaAttention.Heads heads = JavaAttention.Heads.of(config);
                RowLanes one = new RowLanes(Interruption.NONE, 2);
                RowLanes two = new RowLanes(new ManyThreads(), 2);
                JavaAttention alone = new JavaAttention(program, manager, heads, type, batch, one);
                JavaAttention shared = new JavaAttention(program, manager, heads, type, batch, two);
                try (Value actual = alone.of(queries, keys, values, 0);
                        Value byThreads = shared.of(queries, keys, values, 0);
                        Value expected =
                                program.run(
                                        "attended", queries, keys, values, lens, before, mask)) {
                    float[] a = program.fetch(actual, manager);
                    float[] b = program.fetch(expected, manager);
                    assertEquals(b.length, a.length);
                    for (int i = 0; i < b.length; i++) {
                        assertEquals(b[i], a[i], near, "number " + i);
                    }
                    assertArrayEquals(a, program.fetch(byThreads, manager));
                }
            }
        }
        assertEquals(0, live.count());
    }

    private static Value past(Program program, int past, Value keys, Value values) {
        return program.value(
                past == 0
                        ? IValue.listFrom(new PtNDArray[0])
                        : IValue.listFrom(Value.raws(keys, values)));
    }

    /** [tokens, heads, dimensions] of a type. */
    private Value random(
            Program program, PtNDManager manager, KeyType type, long tokens, int heads) {
        float[] numbers = new float[Math.toIntExact(tokens * heads * DIMENSIONS)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        Shape shape = new Shape(tokens, heads, DIMENSIONS);
        try (Value float32 = program.value((PtNDArray) manager.create(numbers, shape));
                Value like = program.memory(type.torchType(), 0)) {
            return program.run("start", float32, like);
        }
    }

    @Test
    void longSequencesAreLibtorchs() {
        assertTrue(JavaAttention.suits(batch(0, 1, 2048)));
        assertFalse(JavaAttention.suits(batch(0, 7, 2049, 1)));
        assertFalse(JavaAttention.suits(batch(2000, 7, 49)));
    }

    private static Layers.Batch batch(int before, long... lengths) {
        return new Layers.Batch(lengths, before, null, null, null, null);
    }
}
