package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import java.util.Arrays;

/**
 * Layers that Java computes a row at a time between their products: what a pass needs of them. The
 * residual stream is in float32.
 */
final class RowLayers implements Layers {

    private final Program program;
    private final PtNDManager manager;
    private final Qwen3Config config;
    private final Products.Matrices matrices;
    private final Gains[] gains;
    private final KeyType keyType;
    private final int lanes;
    private final Value likeKeys;
    private final Value epsilon;

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
     * Takes the matrices over.
     *
     * @param program with rows.torchscript
     * @param manager of the network
     * @param checkpoint of which the gains are read
     * @param keyType what attention computes in
     * @param lanes that rows and heads are shared out to; of heads of keys each has as many
     */
    RowLayers(
            Program program,
            PtNDManager manager,
            Checkpoint checkpoint,
            Products.Matrices matrices,
            KeyType keyType,
            int lanes) {
        this.program = program;
        this.manager = manager;
        this.matrices = matrices;
        this.keyType = keyType;
        this.lanes = lanes;
        config = checkpoint.config();
        gains = new Gains[config.layers()];
        boolean made = false;
        try {
            Arrays.setAll(gains, layer -> gains(checkpoint, layer));
            likeKeys = program.memory(keyType.torchType(), 0);
            epsilon = program.value(IValue.from(config.rmsNormEps()));
            made = true;
        } finally {
            if (made == false) {
                matrices.close();
            }
        }
    }

    private static Gains gains(Checkpoint checkpoint, int layer) {
        return new Gains(
                gain(checkpoint, layer, "input_layernorm"),
                gain(checkpoint, layer, "self_attn.q_norm"),
                gain(checkpoint, layer, "self_attn.k_norm"),
                gain(checkpoint, layer, "post_attention_layernorm"));
    }

    private static float[] gain(Checkpoint checkpoint, int layer, String norm) {
        StoredTensor stored = checkpoint.tensor("layers." + layer + "." + norm + ".weight");
        float[] gain = new float[Math.toIntExact(stored.shape()[0])];
        stored.all(gain);
        return gain;
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

    Products products(Interruption interruption) {
        return matrices.products(interruption);
    }

    Gains gains(int layer) {
        return gains[layer];
    }

    int lanes() {
        return lanes;
    }

    KeyType keyType() {
        return keyType;
    }

    Value epsilon() {
        return epsilon;
    }

    @Override
    public Value likeStream() {
        return matrices.finalGain();
    }

    @Override
    public Value likeKeys() {
        return likeKeys;
    }

    @Override
    public Stream begin(Value rows, Batch batch, Interruption interruption) {
        return new RowStream(this, rows, batch, interruption);
    }

    @Override
    public void close() {
        epsilon.close();
        likeKeys.close();
        matrices.close();
    }
}
