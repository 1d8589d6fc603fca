package io.github.qwen3retrieval.models.int8;

import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The matrices of a layer as they are multiplied: those that share an input are one. */
public enum Projection {
    /** Queries, keys and values [(N + 2 K) · D, H], one below the other. */
    QKV,
    /** Attention's output, to the residual stream [H, N · D]. */
    ATTENTION_OUTPUT,
    /** Gate and up projections [2 F, H], one below the other. */
    GATE_UP,
    /** Down projection, to the residual stream [H, F]. */
    DOWN;

    /** Output channels. */
    public int rows(Qwen3Config config) {
        return switch (this) {
            case QKV -> (config.heads() + 2 * config.kvHeads()) * config.headDim();
            case GATE_UP -> 2 * config.intermediateSize();
            case ATTENTION_OUTPUT, DOWN -> config.hiddenSize();
        };
    }

    /** Input channels. */
    public int columns(Qwen3Config config) {
        return switch (this) {
            case QKV, GATE_UP -> config.hiddenSize();
            case ATTENTION_OUTPUT -> config.heads() * config.headDim();
            case DOWN -> config.intermediateSize();
        };
    }

    /** Names of the checkpoint's matrices that it consists of, in their order. */
    public List<String> tensors(int layer) {
        Stream<String> names =
                switch (this) {
                    case QKV ->
                            Stream.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
                    case ATTENTION_OUTPUT -> Stream.of("self_attn.o_proj");
                    case GATE_UP -> Stream.of("mlp.gate_proj", "mlp.up_proj");
                    case DOWN -> Stream.of("mlp.down_proj");
                };
        return names.map(name -> "layers." + layer + "." + name + ".weight").toList();
    }

    /** Bytes of the matrix and of its scales. */
    public long bytes(Qwen3Config config) {
        return (long) rows(config) * (columns(config) + Float.BYTES);
    }

    /** Name of the matrix of a layer. */
    String name(int layer) {
        return "layers." + layer + "." + name().toLowerCase(Locale.ROOT);
    }
}
