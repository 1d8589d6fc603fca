package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.Rows;
import java.util.Arrays;

/** Layers in 8-bit integers: what a pass needs of them. */
final class Int8Layers implements Layers {

    /** Tensors of one matrix in the list of a layer: numbers, scales, zero points. */
    private static final int TENSORS = 3;

    /**
     * Products are bfloat16: half as much to write and read as float32, and nearer than what 8 bits
     * leave of them.
     */
    private static final int PRODUCT_TYPE = Precision.BFLOAT16.torchType();

    private final Program program;
    private final PtNDManager manager;
    private final Qwen3Config config;
    private final Weights weights;
    private final Gains[] gains;
    private final KeyType keyType;
    private final Value likeKeys;
    private final Value epsilon;
    private final Value productType;
    private final Value[] places;

    /**
     * Gains of a layer's norms.
     *
     * @param input of the norm before attention [H]
     * @param queries [D]
     * @param keys [D]
     * @param inner of the norm before the feed-forward network [H]
     */
    record Gains(float[] input, float[] queries, float[] keys, float[] inner) {}

    /**
     * Takes the weights over.
     *
     * @param manager of the network
     * @param weights the packed matrices of each layer, in the order of {@link Projection}
     * @param gains of each layer
     * @param keyType what attention computes in
     */
    Int8Layers(
            Program program,
            PtNDManager manager,
            Qwen3Config config,
            Weights weights,
            Gains[] gains,
            KeyType keyType) {
        this.program = program;
        this.manager = manager;
        this.config = config;
        this.weights = weights;
        this.gains = gains;
        this.keyType = keyType;
        likeKeys = memory(keyType.torchType(), 0);
        epsilon = program.value(IValue.from(config.rmsNormEps()));
        productType = program.value(IValue.from((long) PRODUCT_TYPE));
        places =
                Arrays.stream(Projection.values())
                        .map(matrix -> IValue.from((long) TENSORS * matrix.ordinal()))
                        .map(program::value)
                        .toArray(Value[]::new);
    }

    Program program() {
        return program;
    }

    PtNDManager manager() {
        return manager;
    }

    Qwen3Config config() {
        return config;
    }

    Gains gains(int layer) {
        return gains[layer];
    }

    KeyType keyType() {
        return keyType;
    }

    Value epsilon() {
        return epsilon;
    }

    /** The product of rounded rows with a matrix, {@link #productRows} in steps of each row. */
    SharedTensor multiply(SharedTensor rounded, int layer, Projection matrix) {
        Value place = places[matrix.ordinal()];
        Value layerWeights = weights.layer(layer);
        Value product = program.run("multiply", rounded.value(), layerWeights, place, productType);
        return SharedTensor.of(product, manager);
    }

    /** The rows of a product. */
    Rows productRows(SharedTensor product, Projection matrix) {
        return Rows.bfloat16(product.bytes(), matrix.rows(config));
    }

    /** A tensor whose numbers are yet to be written. */
    Value memory(int torchType, long... shape) {
        try (Value size = program.value(IValue.listFrom(shape));
                Value type = program.value(IValue.from((long) torchType))) {
            return program.run("memory", size, type);
        }
    }

    @Override
    public Value likeStream() {
        return weights.finalGain();
    }

    @Override
    public Value likeKeys() {
        return likeKeys;
    }

    @Override
    public Stream begin(Value rows, Batch batch) {
        return new Int8Stream(this, rows, batch);
    }

    @Override
    public void close() {
        Arrays.stream(places).forEach(Value::close);
        productType.close();
        epsilon.close();
        likeKeys.close();
        weights.close();
    }
}
