package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The shape of a random checkpoint, as a config.json. */
public final class RandomShape {

    /** Names of the published shapes. */
    public static final List<String> NAMES = List.of("0.6b", "4b", "8b");

    private final JsonObject config;

    private RandomShape(JsonObject config) {
        this.config = config;
    }

    /**
     * The shape of this name, in upper or lower case, or the one that a file describes.
     *
     * @param shape 0.6b, 4b, 8b, or the path of a JSON file in the layout of config.json; what the
     *     file leaves out is as in 0.6b
     * @throws IllegalArgumentException if it is neither
     * @throws ModelException if the file is damaged
     */
    public static RandomShape of(String shape) {
        return switch (shape.toLowerCase(Locale.ROOT)) {
            case "0.6b" -> figures(1024, 28, 16, 3072, true);
            case "4b" -> figures(2560, 36, 32, 9728, true);
            case "8b" -> figures(4096, 36, 32, 12288, false);
            default -> read(shape);
        };
    }

    /** This shape with an output head of its own, or with the embedding table for one. */
    public RandomShape withTiedEmbeddings(boolean tied) {
        RandomShape copy = new RandomShape(config.deepCopy());
        copy.config.addProperty("tie_word_embeddings", tied);
        return copy;
    }

    /** The config.json of a checkpoint of this shape. */
    JsonObject config(ModelKind kind, DataType type) {
        JsonObject json = config.deepCopy();
        // as in the published files: an embedding model ends at <|endoftext|>, a chat at <|im_end|>
        json.addProperty("eos_token_id", kind == ModelKind.EMBEDDING ? 151643 : 151645);
        json.addProperty("max_window_layers", json.get("num_hidden_layers").getAsNumber());
        json.remove("dtype");
        json.addProperty("torch_dtype", torchName(type));
        return json;
    }

    /** Standard deviation of the matrices' numbers. */
    double initializerRange() {
        return config.get("initializer_range").getAsDouble();
    }

    private static RandomShape figures(
            int hidden, int layers, int heads, int intermediate, boolean tied) {
        JsonObject json = defaults();
        json.addProperty("hidden_size", hidden);
        json.addProperty("num_hidden_layers", layers);
        json.addProperty("num_attention_heads", heads);
        json.addProperty("intermediate_size", intermediate);
        json.addProperty("tie_word_embeddings", tied);
        return new RandomShape(json);
    }

    private static RandomShape read(String shape) {
        if (Files.isRegularFile(Path.of(shape)) == false) {
            throw new IllegalArgumentException(
                    "shape must be one of "
                            + NAMES
                            + " or a JSON file in the layout of config.json, got ["
                            + shape
                            + "]");
        }
        JsonObject json = figures(1024, 28, 16, 3072, true).config;
        JsonObject given = JsonObjectFile.read(Path.of(shape));
        if (given.has("rope_parameters")) {
            json.remove("rope_theta");
        }
        given.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        ConfigReader reader = new ConfigReader(Path.of(shape), json);
        reader.positive("initializer_range");
        Qwen3Config.read(reader);
        return new RandomShape(json);
    }

    /** What all published shapes have in common. */
    private static JsonObject defaults() {
        JsonObject json = new JsonObject();
        JsonArray architectures = new JsonArray();
        architectures.add("Qwen3ForCausalLM");
        json.add("architectures", architectures);
        json.add("attention_bias", new JsonPrimitive(false));
        json.addProperty("attention_dropout", 0.0);
        json.addProperty("bos_token_id", 151643);
        json.addProperty("head_dim", 128);
        json.addProperty("hidden_act", "silu");
        json.addProperty("initializer_range", 0.02);
        json.addProperty("max_position_embeddings", 32768);
        json.addProperty("model_type", "qwen3");
        json.addProperty("num_key_value_heads", 8);
        json.addProperty("rms_norm_eps", 1e-6);
        json.addProperty("rope_theta", 1000000);
        json.addProperty("use_cache", true);
        json.addProperty("use_sliding_window", false);
        json.addProperty("vocab_size", 151669);
        return json;
    }

    private static String torchName(DataType type) {
        return switch (type) {
            case BF16 -> "bfloat16";
            case F16 -> "float16";
            case F32 -> "float32";
        };
    }
}
