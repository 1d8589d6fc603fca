package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import io.github.qwen3retrieval.models.rows.WarmRows;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * float32 or bfloat16, the weights as they are in the checkpoint.
 *
 * <p>float32 weights that are computed in float32 on a CPU stay in the mapped file and are shared
 * with the page cache. All others take memory of their own, bfloat16 in bfloat16 too: the binding
 * cannot name the type, and reading the bytes anew as that type copies them. What is copied anyway
 * is laid out as its product likes it best.
 *
 * @param checkpoint open
 * @param precision one of the two
 * @param device where it is computed
 * @param splitting of its matrices, on a CPU
 */
record FloatArithmetic(
        Checkpoint checkpoint, Precision precision, Device device, Splitting splitting)
        implements Arithmetic {

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

    /**
     * With matrices in pieces for so many threads.
     *
     * @param threads that a pass will have at most
     */
    static FloatArithmetic of(
            Checkpoint checkpoint, Precision precision, Device device, int threads) {
        int most = device.isGpu() ? 1 : threads;
        Splitting splitting = Splitting.of(checkpoint.config(), most, precision);
        return new FloatArithmetic(checkpoint, precision, device, splitting);
    }

    @Override
    public List<String> program() {
        return List.of("float.torchscript", FloatProduct.of(precision, device).resource());
    }

    @Override
    public Layers load(Program program, PtNDManager manager, Executor beside) {
        if (JavaAttention.suits(device)) {
            beside.execute(new WarmRows(WarmRows.Kind.ATTENTION));
        }
        WeightLoader loader = new WeightLoader(program, manager);
        Packing packing = new Packing(loader, FloatProduct.of(precision, device), precision);
        int pieces = splitting.pieces();
        Weights weights =
                Weights.load(
                        program,
                        checkpoint.config().layers() * pieces,
                        (i, into) -> piece(i / pieces, i % pieces, loader, packing, into),
                        () -> loader.load(checkpoint.tensor("norm.weight"), precision),
                        beside);
        return pieces == 1
                ? new ScriptLayers(program, manager, checkpoint.config(), precision, weights)
                : new SplitLayers(program, manager, splitting, precision, weights);
    }

    private void piece(
            int layer, int piece, WeightLoader loader, Packing packing, List<Value> into) {
        for (String name : LAYER) {
            boolean matrix = name.endsWith("proj.weight");
            StoredTensor stored = tensor(layer, name);
            if (matrix && splitting.pieces() > 1) {
                int rows = Math.toIntExact(stored.shape()[0] / splitting.pieces());
                stored = stored.rows(piece * rows, rows);
            }
            boolean packed =
                    matrix
                            && shared(stored) == false
                            && packing.suits(stored.shape()[0], stored.shape()[1]);
            Value weight = loader.load(stored, precision);
            into.add(packed ? packing.of(weight) : weight);
        }
    }

    /** Whether the matrix stays in the file. */
    private boolean shared(StoredTensor stored) {
        return device.isGpu() == false
                && stored.type() == DataType.F32
                && precision == Precision.FLOAT32;
    }

    private StoredTensor tensor(int layer, String name) {
        return checkpoint.tensor("layers." + layer + "." + name);
    }

    @Override
    public long weightBytes() {
        long bytes = 0;
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (String name : LAYER) {
                StoredTensor stored = tensor(layer, name);
                bytes += shared(stored) ? 0 : stored.elements() * precision.bytes();
            }
        }
        return bytes;
    }
}
