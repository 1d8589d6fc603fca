package io.github.qwen3retrieval.models.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of the tensors of a Qwen3 network, without the prefix {@code model.}. */
final class TensorNames {

    /** What rerankers, saved with their output head, put in front of every name but the head's. */
    static final String PREFIX = "model.";

    static final String EMBEDDINGS = "embed_tokens.weight";
    static final String HEAD = "lm_head.weight";

    private TensorNames() {}

    /**
     * Every tensor that the network reads, in the order of the forward pass, with its shape.
     *
     * @param head whether an output head of its own belongs to it
     */
    static Map<String, long[]> of(Qwen3Config config, boolean head) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(EMBEDDINGS, shape(config.vocabSize(), config.hiddenSize()));
        for (int layer = 0; layer < config.layers(); layer++) {
            addLayer(shapes, "layers." + layer + ".", config);
        }
        shapes.put("norm.weight", shape(config.hiddenSize()));
        if (head) {
            shapes.put(HEAD, shape(config.vocabSize(), config.hiddenSize()));
        }
        return shapes;
    }

    /** Whether the tensor is a vector of norm gains. */
    static boolean isGain(String name) {
        return name.endsWith("norm.weight");
    }

    private static void addLayer(Map<String, long[]> shapes, String layer, Qwen3Config config) {
        long hidden = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        long wide = config.intermediateSize();
        shapes.put(layer + "input_layernorm.weight", shape(hidden));
        shapes.put(layer + "self_attn.q_proj.weight", shape(queries, hidden));
        shapes.put(layer + "self_attn.k_proj.weight", shape(keys, hidden));
        shapes.put(layer + "self_attn.v_proj.weight", shape(keys, hidden));
        shapes.put(layer + "self_attn.q_norm.weight", shape(config.headDim()));
        shapes.put(layer + "self_attn.k_norm.weight", shape(config.headDim()));
        shapes.put(layer + "self_attn.o_proj.weight", shape(hidden, queries));
        shapes.put(layer + "post_attention_layernorm.weight", shape(hidden));
        shapes.put(layer + "mlp.gate_proj.weight", shape(wide, hidden));
        shapes.put(layer + "mlp.up_proj.weight", shape(wide, hidden));
        shapes.put(layer + "mlp.down_proj.weight", shape(hidden, wide));
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }
}
