package io.github.qwen3retrieval.models.int8;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A prepared matrix does on spread channels what the checkpoint's does on the channels, but for the
 * rounding of its numbers.
 */
class PreparationTest {

    /** Rounding to 127 steps each way, relative to the length of what comes out. */
    private static final double ROUNDING = 0.015;

    private final Random random = new Random(5);

    @TempDir Path temp;

    private Qwen3Config config;
    private Checkpoint checkpoint;
    private Preparation preparation;

    @ParameterizedTest
    @ValueSource(strings = {"\"hidden_size\": 64", "\"hidden_size\": 80"})
    void projectionsAreThoseOfTheCheckpoint(String hidden) throws Exception {
        String json = TinyCheckpoint.SHAPE.replace("\"hidden_size\": 64", hidden);
        Path shape = Files.writeString(temp.resolve("shape.json"), json);
        Path folder = temp.resolve("m");
        new RandomCheckpoint(
                        RandomShape.of(shape.toString()),
                        ModelKind.EMBEDDING,
                        DataType.BF16,
                        3,
                        Long.MAX_VALUE)
                .write(folder);
        checkpoint = Checkpoint.open(folder);
        config = checkpoint.config();
        preparation = new Preparation(checkpoint);
        for (int layer = 0; layer < config.layers(); layer++) {
            String name = "layers." + layer + ".";
            String attention = name + "self_attn.";
            same(
                    preparation.get(layer, Projection.QKV),
                    List.of(
                            attention + "q_proj.weight",
                            attention + "k_proj.weight",
                            attention + "v_proj.weight"),
                    Projection.QKV);
            same(
                    preparation.get(layer, Projection.ATTENTION_OUTPUT),
                    List.of(attention + "o_proj.weight"),
                    Projection.ATTENTION_OUTPUT);
            same(
                    preparation.get(layer, Projection.GATE_UP),
                    List.of(name + "mlp.gate_proj.weight", name + "mlp.up_proj.weight"),
                    Projection.GATE_UP);
            same(
                    preparation.get(layer, Projection.DOWN),
                    List.of(name + "mlp.down_proj.weight"),
                    Projection.DOWN);
        }
    }

    private void same(Int8Matrix prepared, List<String> names, Projection projection) {
        float[] x = row(projection.columns(config));
        float[] expected = new float[projection.rows(config)];
        int from = 0;
        for (String name : names) {
            float[] part = product(checkpoint.tensor(name), x);
            if (name.endsWith("v_proj.weight")) {
                Preparation.before(Projection.ATTENTION_OUTPUT, config).transform(part);
            }
            System.arraycopy(part, 0, expected, from, part.length);
            from += part.length;
        }
        Preparation.before(projection, config).transform(x);
        close(expected, product(prepared, x), projection);
    }

    private static float[] product(StoredTensor matrix, float[] x) {
        float[] out = new float[(int) matrix.shape()[0]];
        float[] row = new float[x.length];
        for (int i = 0; i < out.length; i++) {
            matrix.floats(i, 0, x.length, row, 0);
            for (int j = 0; j < x.length; j++) {
                out[i] += row[j] * x[j];
            }
        }
        return out;
    }

    private static float[] product(Int8Matrix matrix, float[] x) {
        float[] out = new float[matrix.rows()];
        for (int i = 0; i < out.length; i++) {
            for (int j = 0; j < x.length; j++) {
                float number = matrix.numbers().get(i * matrix.columns() + j);
                out[i] += number * matrix.scales().get(i) * x[j];
            }
        }
        return out;
    }

    private float[] row(int size) {
        float[] row = new float[size];
        for (int i = 0; i < size; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    private static void close(float[] expected, float[] actual, Projection projection) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(expected[i] - actual[i], 2);
            length += Math.pow(expected[i], 2);
        }
        double relative = Math.sqrt(difference / length);
        assertTrue(relative < ROUNDING, projection + " is off by [" + relative + "]");
    }
}
