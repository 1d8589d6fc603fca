package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import io.github.qwen3retrieval.models.int8.BlockHadamard;
import io.github.qwen3retrieval.models.int8.Int8Matrices;
import io.github.qwen3retrieval.models.int8.Int8Matrix;
import io.github.qwen3retrieval.models.int8.Preparation;
import io.github.qwen3retrieval.models.int8.PreparedWeights;
import io.github.qwen3retrieval.models.int8.Projection;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * 8-bit integers, see {@link io.github.qwen3retrieval.models.int8}. Norms, rotary embeddings,
 * attention and the head stay in float32.
 *
 * @param checkpoint open
 * @param device where it is computed
 */
record Int8Arithmetic(Checkpoint checkpoint, Device device) implements Arithmetic {

    /** Gains of a layer behind {@code layers.N.}, in the order of the program. */
    private static final List<String> GAINS =
            List.of(
                    "input_layernorm.weight",
                    "self_attn.q_norm.weight",
                    "self_attn.k_norm.weight",
                    "post_attention_layernorm.weight");

    @Override
    public List<String> program() {
        return List.of("int8.torchscript");
    }

    @Override
    public Weights load(Program program, PtNDManager manager, Executor beside) {
        WeightLoader loader = new WeightLoader(program, manager);
        Int8Machine.require(device, loader);
        Int8Matrices matrices = PreparedWeights.of(checkpoint);
        Qwen3Config config = checkpoint.config();
        Executor allowed = matrices.independent() ? beside : Runnable::run;
        try (Value stream = hadamard(Projection.QKV, loader);
                Value inner = hadamard(Projection.DOWN, loader)) {
            return Weights.load(
                    program,
                    config.layers(),
                    (layer, into) -> {
                        matrices(layer, matrices, loader, into);
                        gains(layer, loader, into);
                        into.add(program.run("same", stream));
                        into.add(program.run("same", inner));
                    },
                    () -> loader.load(checkpoint.tensor("norm.weight"), Precision.FLOAT32),
                    allowed);
        }
    }

    private Value hadamard(Projection projection, WeightLoader loader) {
        BlockHadamard blocks = Preparation.before(projection, checkpoint.config());
        return loader.copy(blocks.matrix(), blocks.block(), blocks.block());
    }

    private static void matrices(
            int layer, Int8Matrices matrices, WeightLoader loader, List<Value> into) {
        for (Projection projection : Projection.values()) {
            into.addAll(pack(matrices.get(layer, projection), loader));
        }
    }

    private void gains(int layer, WeightLoader loader, List<Value> into) {
        for (String gain : GAINS) {
            StoredTensor stored = checkpoint.tensor("layers." + layer + "." + gain);
            into.add(loader.load(stored, Precision.FLOAT32));
        }
    }

    /** The packed matrix, its scales, its zero points. */
    static List<Value> pack(Int8Matrix matrix, WeightLoader loader) {
        float[] numbers = new float[matrix.rows()];
        matrix.scales().duplicate().get(numbers);
        try (Value integers =
                        loader.over(
                                matrix.numbers(), DataType.INT8, matrix.rows(), matrix.columns());
                Value scales = loader.copy(numbers, numbers.length)) {
            return List.of(loader.program().runList("pack", integers, scales));
        }
    }

    @Override
    public long weightBytes() {
        Qwen3Config config = checkpoint.config();
        return Arrays.stream(Projection.values())
                        .mapToLong(projection -> projection.bytes(config))
                        .sum()
                * config.layers();
    }
}
