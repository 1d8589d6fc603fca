package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Int8Matrices;
import io.github.qwen3retrieval.models.int8.Int8Matrix;
import io.github.qwen3retrieval.models.int8.PreparedWeights;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.WarmRows;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * 8-bit integers, see {@link io.github.qwen3retrieval.models.int8}. The residual stream, norms,
 * rotary embeddings and the head stay in float32, and attention too, but where bfloat16 is faster.
 *
 * @param checkpoint open
 * @param device where it is computed
 * @param attention what attention computes in, or null for what is right for the machine
 * @param splitting of the matrices
 */
record Int8Arithmetic(Checkpoint checkpoint, Device device, KeyType attention, Splitting splitting)
        implements Arithmetic {

    /**
     * As is right for the machine, with matrices in pieces for so many threads.
     *
     * @param threads that a pass will have at most
     */
    static Int8Arithmetic of(Checkpoint checkpoint, Device device, int threads) {
        Splitting splitting = Splitting.of(checkpoint.config(), threads, Precision.INT8);
        return new Int8Arithmetic(checkpoint, device, null, splitting);
    }

    @Override
    public List<String> program() {
        return List.of("rows.torchscript", "int8.torchscript");
    }

    @Override
    public Layers load(Program program, PtNDManager manager, Executor beside) {
        WeightLoader loader = new WeightLoader(program, manager);
        Int8Machine.require(device, loader);
        beside.execute(new WarmRows(WarmRows.Kind.ROUNDING));
        Int8Matrices matrices = PreparedWeights.of(checkpoint);
        Qwen3Config config = checkpoint.config();
        Executor allowed = matrices.independent() ? beside : Runnable::run;
        // before there are weights, which a failing trial would leave behind
        KeyType keyType = keyType(program);
        Weights weights =
                Weights.load(
                        program,
                        config.layers(),
                        (layer, into) -> matrices(layer, matrices, loader, into),
                        () -> loader.load(checkpoint.tensor("norm.weight"), Precision.FLOAT32),
                        allowed);
        Products.Matrices packed =
                new Int8Products.Int8Weights(program, manager, splitting, weights);
        return new RowLayers(program, manager, checkpoint, packed, keyType, splitting.pieces());
    }

    private KeyType keyType(Program program) {
        return attention == null ? KeyType.of(program) : attention;
    }

    private void matrices(int layer, Int8Matrices matrices, WeightLoader loader, List<Value> into) {
        for (Projection projection : Projection.values()) {
            Int8Matrix matrix = matrices.get(layer, projection);
            int rows = matrix.rows() / splitting.pieces();
            for (int piece = 0; piece < splitting.pieces(); piece++) {
                into.addAll(pack(matrix.some(piece * rows, rows), loader));
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
