package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Path;
import java.util.List;

/**
 * The figures of a Qwen3 network, as config.json states them.
 *
 * @param hiddenSize width of the residual stream, and the most dimensions a vector can have
 * @param layers number of decoder layers
 * @param heads attention heads of the queries
 * @param kvHeads attention heads of keys and values; each serves heads / kvHeads query heads
 * @param headDim width of a head; heads × headDim need not be hiddenSize
 * @param intermediateSize width of the feed-forward layer
 * @param vocabSize rows of the embedding table
 * @param maxPositions longest sequence, in tokens
 * @param rmsNormEps what RMSNorm adds to the mean square
 * @param ropeTheta base of the rotary embedding's wavelengths
 * @param tiedEmbeddings whether the embedding table is also the output head
 */
public record Qwen3Config(
        int hiddenSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int intermediateSize,
        int vocabSize,
        int maxPositions,
        double rmsNormEps,
        double ropeTheta,
        boolean tiedEmbeddings) {

    private static final List<String> ARCHITECTURES = List.of("Qwen3ForCausalLM", "Qwen3Model");

    /**
     * Reads the figures of a config.json, in the layout of before transformers 5 ({@code
     * rope_theta}) or since ({@code rope_parameters}).
     *
     * @throws ModelException if the file is missing or damaged, or describes a network other than
     *     the one computed here; the message names file, key and value
     */
    public static Qwen3Config read(Path configJson) {
        return read(new ConfigReader(configJson));
    }

    static Qwen3Config read(ConfigReader reader) {
        refuseOtherNetworks(reader);
        int hiddenSize = reader.figure("hidden_size");
        int heads = reader.figure("num_attention_heads");
        Qwen3Config config =
                new Qwen3Config(
                        hiddenSize,
                        reader.figure("num_hidden_layers"),
                        heads,
                        reader.figure("num_key_value_heads"),
                        headDim(reader, hiddenSize, heads),
                        reader.figure("intermediate_size"),
                        reader.figure("vocab_size"),
                        reader.figure("max_position_embeddings"),
                        reader.positive("rms_norm_eps"),
                        ropeTheta(reader),
                        reader.flag("tie_word_embeddings"));
        config.check(reader);
        return config;
    }

    private static void refuseOtherNetworks(ConfigReader reader) {
        JsonElement modelType = reader.get("model_type");
        if (modelType == null) {
            throw reader.refuse("model_type", null, "it must be [qwen3]");
        }
        reader.only("model_type", "qwen3");
        refuseOtherArchitectures(reader);
        reader.only("hidden_act", "silu");
        reader.only("attention_bias", "false");
        reader.only("use_sliding_window", "false");
        JsonElement quantization = reader.get("quantization_config");
        if (quantization != null) {
            throw reader.refuse(
                    "quantization_config",
                    quantization,
                    "quantised checkpoints are not supported; take the published bfloat16 one");
        }
        JsonElement layerTypes = reader.get("layer_types");
        if (layerTypes != null && layerTypes.toString().contains("sliding_attention")) {
            throw reader.refuse("layer_types", layerTypes, "only [full_attention] is supported");
        }
    }

    private static void refuseOtherArchitectures(ConfigReader reader) {
        JsonElement value = reader.get("architectures");
        if (value == null) {
            return;
        }
        JsonArray names = value.isJsonArray() ? value.getAsJsonArray() : new JsonArray();
        boolean known =
                ARCHITECTURES.stream().anyMatch(name -> names.contains(new JsonPrimitive(name)));
        if (known == false) {
            throw reader.refuse("architectures", value, "only " + ARCHITECTURES + " are supported");
        }
    }

    private static int headDim(ConfigReader reader, int hiddenSize, int heads) {
        if (reader.get("head_dim") != null) {
            return reader.figure("head_dim");
        }
        if (hiddenSize % heads != 0) {
            throw reader.refuse(
                    "head_dim", null, "it is needed, as [hidden_size] is no multiple of the heads");
        }
        return hiddenSize / heads;
    }

    /** The base of RoPE, once it is certain that it is scaled in no way. */
    private static double ropeTheta(ConfigReader reader) {
        JsonObject parameters = reader.object("rope_parameters");
        refuseScaling(reader, "rope_parameters", parameters);
        refuseScaling(reader, "rope_scaling", reader.object("rope_scaling"));
        if (parameters != null && parameters.has("rope_theta")) {
            return reader.positive("rope_parameters.rope_theta", parameters.get("rope_theta"));
        }
        return reader.positive("rope_theta");
    }

    private static void refuseScaling(ConfigReader reader, String key, JsonObject rope) {
        if (rope == null) {
            return;
        }
        if (rope.has("factor")) {
            throw reader.refuse(key + ".factor", rope.get("factor"), "scaling is not supported");
        }
        for (String name : List.of("rope_type", "type")) {
            JsonElement type = rope.get(name);
            if (type != null && ConfigReader.text(type).equals("default") == false) {
                throw reader.refuse(key + "." + name, type, "only [default] is supported");
            }
        }
    }

    private void check(ConfigReader reader) {
        if (heads % kvHeads != 0) {
            throw reader.refuse(
                    "num_key_value_heads",
                    new JsonPrimitive(kvHeads),
                    "it must divide [num_attention_heads], which is [" + heads + "]");
        }
        if (headDim % 2 != 0) {
            throw reader.refuse(
                    "head_dim",
                    new JsonPrimitive(headDim),
                    "it must be even, as rotary embeddings turn pairs");
        }
    }
}
