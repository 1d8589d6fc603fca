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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    public String program() {
        return "int8.torchscript";
    }

    @Override
    public Weights load(Program program, PtNDManager manager) {
        WeightLoader loader = new WeightLoader(program, manager);
        Int8Machine.require(device, loader);
        Int8Matrices matrices = PreparedWeights.of(checkpoint);
        Qwen3Config config = checkpoint.config();
        try (Value stream = hadamard(Projection.QKV, loader);
                Value inner = hadamard(Projection.DOWN, loader)) {
            return Weights.load(
                    program,
                    config.layers(),
                    layer -> layer(layer, matrices, List.of(stream, inner), loader),
                    () -> loader.load(checkpoint.tensor("norm.weight"), Precision.FLOAT32));
        }
    }

    private Value hadamard(Projection projection, WeightLoader loader) {
        BlockHadamard blocks = Preparation.before(projection, checkpoint.config());
        return loader.copy(blocks.matrix(), blocks.block(), blocks.block());
    }

    private List<Value> layer(
            int layer, Int8Matrices matrices, List<Value> hadamards, WeightLoader loader) {
        List<Value> tensors = new ArrayList<>();
        boolean loaded = false;
        try {
            for (Projection projection : Projection.values()) {
                tensors.addAll(pack(matrices.get(layer, projection), loader));
            }
            for (String gain : GAINS) {
                StoredTensor stored = checkpoint.tensor("layers." + layer + "." + gain);
                tensors.add(loader.load(stored, Precision.FLOAT32));
            }
            for (Value hadamard : hadamards) {
                tensors.add(loader.program().run("same", hadamard));
            }
            loaded = true;
            return tensors;
        } finally {
            if (loaded == false) {
                tensors.forEach(Value::close);
            }
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
