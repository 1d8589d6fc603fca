package io.github.qwen3retrieval.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.tokenizer.TokenizerFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files are data: whatever is in them, they open consistently or are a clean error. */
class FuzzTest {

    private static final int ROUNDS = 100_000;

    private static final String HEADER =
            """
            {"__metadata__":{"format":"pt"},
            "a.weight":{"dtype":"BF16","shape":[4,8],"data_offsets":[0,64]},
            "b.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[64,88]},
            "c":{"dtype":"I64","shape":[2],"data_offsets":[88,104]},
            "d":{"dtype":"F16","shape":[1],"data_offsets":[104,106]}}""";

    private static final String CONFIG =
            """
            {"architectures":["Qwen3ForCausalLM"],"model_type":"qwen3","hidden_size":64,
            "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":32,
            "intermediate_size":96,"vocab_size":151669,"max_position_embeddings":4096,
            "rms_norm_eps":1e-06,"rope_theta":1000000,"tie_word_embeddings":true,
            "rope_scaling":null,"hidden_act":"silu","attention_bias":false}""";

    private static final String TOKENIZER =
            """
            {"version":"1.0","truncation":null,"padding":null,
            "added_tokens":[{"id":5,"content":"<|endoftext|>","special":true},
            {"id":6,"content":"<|im_end|>","special":true}],
            "normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"ByteLevel"},
            "post_processor":{"type":"Sequence","processors":[{"type":"TemplateProcessing",
            "single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"<|endoftext|>"}}]}]},
            "model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"yes":3,"no":4},
            "merges":[["a","b"]]}}""";

    @TempDir Path temp;

    private interface Reading {
        void run(Path file) throws IOException;
    }

    /** Counts how many of the damaged files were read all the same. */
    private int fuzz(byte[] original, Reading reading) throws IOException {
        long seed = new Random().nextLong();
        Mutations mutations = new Mutations(new Random(seed));
        Path file = temp.resolve("fuzzed");
        int read = 0;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] bytes = mutations.of(original);
                channel.truncate(bytes.length);
                channel.write(ByteBuffer.wrap(bytes), 0);
                try {
                    reading.run(file);
                    read++;
                } catch (ModelException e) {
                    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
                } catch (RuntimeException | Error e) {
                    throw new AssertionError(
                            "seed " + seed + " round " + round + ": " + text(bytes), e);
                }
            }
        }
        System.out.printf(Locale.ROOT, "seed %d: %d of %d could be read%n", seed, read, ROUNDS);
        return read;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] safetensors() {
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 106)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    @Test
    void safetensorsOpenConsistentlyOrNotAtAll() throws IOException {
        int read = fuzz(safetensors(), FuzzTest::readTensors);
        assertTrue(read > 100 && read < ROUNDS / 2, "read " + read);
    }

    private static void readTensors(Path file) throws IOException {
        Safetensors tensors = Safetensors.open(file);
        long bytes = 0;
        for (SafetensorsHeader.Entry entry : tensors.entries()) {
            assertTrue(entry.begin() >= 0 && entry.begin() <= entry.end(), entry.name());
            bytes += entry.end() - entry.begin();
            if (DataType.named(entry.type()).isPresent() && entry.shape().length > 0) {
                StoredTensor tensor = tensors.map(List.of(entry.name()), "").get(0);
                assertEquals(entry.end() - entry.begin(), tensor.byteSize());
                for (long row = 0; tensor.byteSize() > 0 && row < entry.shape()[0]; row++) {
                    assertEquals(tensor.rowBytes(), tensor.row(row).remaining());
                    tensor.row(row).get(tensor.rowBytes() - 1);
                }
            }
        }
        assertTrue(bytes <= Files.size(file), "more than the file has");
    }

    @Test
    void configsAreReadOrRefused() throws IOException {
        int read =
                fuzz(
                        CONFIG.getBytes(StandardCharsets.UTF_8),
                        file -> {
                            Qwen3Config config = Qwen3Config.read(file);
                            assertTrue(config.hiddenSize() > 0 && config.layers() > 0);
                            assertEquals(0, config.heads() % config.kvHeads());
                            assertTrue(config.ropeTheta() > 0 && config.rmsNormEps() > 0);
                        });
        assertTrue(read > 100 && read < ROUNDS, "read " + read);
    }

    @Test
    void tokenizersAreReadOrRefused() throws IOException {
        int read =
                fuzz(
                        TOKENIZER.getBytes(StandardCharsets.UTF_8),
                        file -> {
                            TokenizerFile tokenizer = TokenizerFile.read(file);
                            assertTrue(tokenizer.size() > 0);
                            assertNotNull(tokenizer.addedTokens());
                        });
        assertTrue(read > 100 && read < ROUNDS, "read " + read);
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String tokenizer = "{\"normalizer\":" + deep + ",\"model\":{\"vocab\":{\"a\":0}}}";
        String config = "{\"model_type\":" + deep + "}";
        String header = "{\"__metadata__\":" + deep + "}";
        refused(tokenizer.getBytes(StandardCharsets.UTF_8), TokenizerFile::read);
        refused(config.getBytes(StandardCharsets.UTF_8), Qwen3Config::read);
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
        refused(file.putLong(json.length).put(json).array(), Safetensors::open);
    }

    private void refused(byte[] bytes, Reading reading) throws IOException {
        Path file = Files.write(temp.resolve("deep"), bytes);
        try {
            reading.run(file);
        } catch (ModelException e) {
            return;
        }
        throw new AssertionError("was read");
    }
}
