package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a network in libtorch's hands: one list of tensors per layer, in the order that
 * {@code qwen3.torchscript} gives, and the gain of the final norm.
 *
 * <p>float32 weights that are computed in float32 on a CPU stay in the mapped file and are shared
 * with the page cache. All others take memory of their own, bfloat16 in bfloat16 too: the binding
 * cannot name the type, and reading the bytes anew as that type copies them.
 */
final class Weights implements AutoCloseable {

    /** Names of a layer's tensors behind {@code layers.N.}, in the order of the program. */
    private static final List<String> LAYER =
            List.of(
                    "input_layernorm.weight",
                    "self_attn.q_proj.weight",
                    "self_attn.k_proj.weight",
                    "self_attn.v_proj.weight",
                    "self_attn.q_norm.weight",
                    "self_attn.k_norm.weight",
                    "self_attn.o_proj.weight",
                    "post_attention_layernorm.weight",
                    "mlp.gate_proj.weight",
                    "mlp.up_proj.weight",
                    "mlp.down_proj.weight");

    private final List<Value> layers = new ArrayList<>();
    private Value finalGain;

    /** Loads the weights of an open checkpoint, which must stay open as long as they are used. */
    Weights(Checkpoint checkpoint, Program program, PtNDManager manager, Precision precision) {
        boolean loaded = false;
        try {
            for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
                layers.add(layer(checkpoint, layer, program, manager, precision));
            }
            finalGain = load(checkpoint.tensor("norm.weight"), program, manager, precision);
            loaded = true;
        } finally {
            if (loaded == false) {
                close();
            }
        }
    }

    private static Value layer(
            Checkpoint checkpoint,
            int layer,
            Program program,
            PtNDManager manager,
            Precision precision) {
        List<Value> tensors = new ArrayList<>();
        try {
            for (String name : LAYER) {
                StoredTensor stored = checkpoint.tensor("layers." + layer + "." + name);
                tensors.add(load(stored, program, manager, precision));
            }
            return program.value(IValue.listFrom(Value.raws(tensors.toArray(Value[]::new))));
        } finally {
            tensors.forEach(Value::close);
        }
    }

    private static Value load(
            StoredTensor stored, Program program, PtNDManager manager, Precision precision) {
        // The binding ends the process when it is told of bfloat16, so those bytes travel as
        // float16 and the program reads them anew.
        DataType label =
                stored.type() == io.github.qwen3retrieval.models.checkpoint.DataType.F32
                        ? DataType.FLOAT32
                        : DataType.FLOAT16;
        PtNDArray mapped =
                JniUtils.createNdFromByteBuffer(
                        manager,
                        stored.bytes(),
                        new Shape(stored.shape()),
                        label,
                        SparseFormat.DENSE,
                        manager.getDevice());
        try (Value array = program.value(mapped);
                Value storedType = program.value(IValue.from(torchType(stored)));
                Value computeType = program.value(IValue.from((long) precision.torchType()))) {
            return program.run("weight", array, storedType, computeType);
        }
    }

    private static long torchType(StoredTensor stored) {
        return switch (stored.type()) {
            case F16 -> 5;
            case F32 -> 6;
            case BF16 -> 15;
        };
    }

    /**
     * Bytes of memory that the weights of this checkpoint take outside the page cache.
     *
     * @param precision what they are computed in
     * @param device where
     */
    static long bytes(Checkpoint checkpoint, Precision precision, Device device) {
        long bytes = 0;
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (String name : LAYER) {
                StoredTensor stored = checkpoint.tensor("layers." + layer + "." + name);
                long numbers = stored.elements();
                boolean shared =
                        device.isGpu() == false
                                && stored.type()
                                        == io.github.qwen3retrieval.models.checkpoint.DataType.F32
                                && precision == Precision.FLOAT32;
                bytes += shared ? 0 : numbers * precision.bytes();
            }
        }
        return bytes;
    }

    /** Tensors of one layer. */
    Value layer(int index) {
        return layers.get(index);
    }

    /** Gain of the final norm [H]. */
    Value finalGain() {
        return finalGain;
    }

    @Override
    public void close() {
        layers.forEach(Value::close);
        layers.clear();
        if (finalGain != null) {
            finalGain.close();
        }
    }
}
