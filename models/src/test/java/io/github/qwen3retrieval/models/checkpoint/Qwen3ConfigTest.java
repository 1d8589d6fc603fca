package io.github.qwen3retrieval.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Qwen3ConfigTest {

    /** Qwen3-Embedding-0.6B's config.json as published. */
    private static final String PUBLISHED =
            """
            {"architectures": ["Qwen3ForCausalLM"], "attention_bias": false,
             "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151643,
             "head_dim": 128, "hidden_act": "silu", "hidden_size": 1024,
             "initializer_range": 0.02, "intermediate_size": 3072,
             "max_position_embeddings": 32768, "max_window_layers": 28, "model_type": "qwen3",
             "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 8,
             "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000000,
             "sliding_window": null, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
             "transformers_version": "4.51.3", "use_cache": true, "use_sliding_window": false,
             "vocab_size": 151669}
            """;

    private static final Qwen3Config EXPECTED =
            new Qwen3Config(1024, 28, 16, 8, 128, 3072, 151669, 32768, 1e-6, 1e6, true);

    @TempDir Path temp;

    @Test
    void readsThePublishedFile() throws IOException {
        assertEquals(EXPECTED, read(published()));
    }

    @Test
    void readsTheLayoutOfTransformers5() throws IOException {
        JsonObject json = published();
        json.remove("rope_theta");
        json.remove("rope_scaling");
        json.remove("torch_dtype");
        json.addProperty("dtype", "bfloat16");
        json.add(
                "rope_parameters",
                JsonParser.parseString("{\"rope_theta\": 1000000, \"rope_type\": \"default\"}"));
        json.add("layer_types", JsonParser.parseString("[\"full_attention\"]"));
        assertEquals(EXPECTED, read(json));
    }

    @Test
    void headDimFollowsFromTheHeadsWhereItIsLeftOut() throws IOException {
        JsonObject json = published();
        json.remove("head_dim");
        assertEquals(64, read(json).headDim());
        json.addProperty("num_attention_heads", 24);
        json.addProperty("num_key_value_heads", 8);
        assertTrue(failure(json).contains("key [head_dim] is missing"));
    }

    @Test
    void embeddingsAreUntiedWhereTheFileDoesNotSay() throws IOException {
        JsonObject json = published();
        json.remove("tie_word_embeddings");
        assertFalse(read(json).tiedEmbeddings());
    }

    @Test
    void namedShapesAreThePublishedOnes() throws IOException {
        JsonObject json = RandomShape.of("0.6B").config(ModelKind.EMBEDDING, DataType.BF16);
        assertEquals(EXPECTED, read(json));
        Qwen3Config large = read(RandomShape.of("8b").config(ModelKind.RERANKER, DataType.BF16));
        assertEquals(4096, large.hiddenSize());
        assertEquals(36, large.layers());
        assertFalse(large.tiedEmbeddings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
                "intermediate_size", "vocab_size", "max_position_embeddings", "rms_norm_eps",
                "rope_theta", "model_type"
            })
    void refusesAFileThatLeavesOut(String key) throws IOException {
        JsonObject json = published();
        json.remove(key);
        assertTrue(failure(json).contains("key [" + key + "] is missing"), failure(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "model_type|'llama'|only [qwen3] is supported",
                "architectures|['LlamaForCausalLM']|only [Qwen3ForCausalLM, Qwen3Model]",
                "architectures|'Qwen3ForCausalLM'|only [Qwen3ForCausalLM, Qwen3Model]",
                "hidden_act|'gelu'|only [silu] is supported",
                "attention_bias|true|only [false] is supported",
                "use_sliding_window|true|only [false] is supported",
                "layer_types|['sliding_attention']|only [full_attention] is supported",
                "quantization_config|{'bits': 4}|quantised checkpoints are not supported",
                "rope_scaling|{'type': 'yarn', 'factor': 4.0}|scaling is not supported",
                "rope_scaling|{'rope_type': 'linear'}|only [default] is supported",
                "rope_parameters|{'rope_type': 'yarn'}|only [default] is supported",
                "rope_parameters|{'rope_theta': 0}|it must be a positive number",
                "rope_parameters|'x'|it must be an object",
                "hidden_size|0|it must be a whole number from 1",
                "hidden_size|-1024|it must be a whole number from 1",
                "hidden_size|1.5|it must be a whole number from 1",
                "hidden_size|99999999999|it must be a whole number from 1",
                "hidden_size|'1024'|it must be a number",
                "num_hidden_layers|null|it must be a number",
                "num_key_value_heads|5|it must divide [num_attention_heads], which is [16]",
                "head_dim|127|it must be even",
                "rms_norm_eps|0|it must be a positive number",
                "tie_word_embeddings|'yes'|it must be true or false"
            })
    void refusesWhatItDoesNotCompute(String key, String value, String rule) throws IOException {
        JsonObject json = published();
        json.add(key, JsonParser.parseString(value.replace('\'', '"')));
        String message = failure(json);
        assertTrue(
                message.startsWith("[" + temp.resolve("config.json") + "] key [" + key), message);
        assertTrue(message.contains(rule), message);
    }

    private static JsonObject published() {
        return JsonParser.parseString(PUBLISHED).getAsJsonObject();
    }

    private String failure(JsonObject json) {
        return assertThrows(ModelException.class, () -> read(json)).getMessage();
    }

    private Qwen3Config read(JsonObject json) throws IOException {
        return Qwen3Config.read(Files.writeString(temp.resolve("config.json"), json.toString()));
    }
}
