package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.WarmRows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * float32 or bfloat16 on CPUs that multiply bfloat16 in tiles (AMX), for checkpoints whose matrices
 * are bfloat16, as the official ones are: {@link PartProducts}. The matrices stay in the mapped
 * file and are shared with the page cache.
 *
 * @param checkpoint open
 * @param precision one of the two
 */
record PartArithmetic(Checkpoint checkpoint, Precision precision) implements Arithmetic {

    private static final int PARTS_OF_FLOAT32 = 3;

    /** Whether it is there for a checkpoint and a precision, and faster than what else there is. */
    static boolean suits(Checkpoint checkpoint, Precision precision, Device device) {
        if (device.isGpu() || PartMachine.suits(precision) == false) {
            return false;
        }
        for (int layer = 0; layer < checkpoint.config().layers(); layer++) {
            for (Projection matrix : Projection.values()) {
                for (String name : matrix.tensors(layer)) {
                    if (checkpoint.tensor(name).type() != DataType.BF16) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Parts of a number of rows that are multiplied. */
    static int parts(Precision precision) {
        return precision == Precision.FLOAT32 ? PARTS_OF_FLOAT32 : 1;
    }

    @Override
    public List<String> program() {
        return List.of("rows.torchscript");
    }

    @Override
    public Layers load(Program program, PtNDManager manager, Executor beside) {
        beside.execute(new WarmRows(WarmRows.Kind.PARTS));
        ByteBuffer[][][] layers = new ByteBuffer[checkpoint.config().layers()][][];
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer] = matrices(layer);
        }
        WeightLoader loader = new WeightLoader(program, manager);
        Value finalGain = loader.load(checkpoint.tensor("norm.weight"), Precision.FLOAT32);
        PartProducts.PartWeights weights =
                new PartProducts.PartWeights(
                        program, manager, checkpoint.config(), parts(precision), layers, finalGain);
        KeyType keyType = precision == Precision.FLOAT32 ? KeyType.FLOAT32 : KeyType.BFLOAT16;
        return new RowLayers(program, manager, checkpoint, weights, keyType, 1);
    }

    private ByteBuffer[][] matrices(int layer) {
        return Arrays.stream(Projection.values())
                .map(
                        matrix ->
                                matrix.tensors(layer).stream()
                                        .map(name -> checkpoint.tensor(name).bytes())
                                        .toArray(ByteBuffer[]::new))
                .toArray(ByteBuffer[][]::new);
    }

    @Override
    public long weightBytes() {
        return 0;
    }
}
