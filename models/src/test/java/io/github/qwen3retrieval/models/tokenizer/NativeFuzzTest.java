package io.github.qwen3retrieval.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Mutations;
import io.github.qwen3retrieval.models.natives.Natives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokenizers library, which is not ours, is given damaged files too. */
class NativeFuzzTest {

    private static final String SMALL =
            """
            {"version":"1.0","truncation":null,"padding":null,
            "added_tokens":[{"id":5,"content":"<|endoftext|>","single_word":false,"lstrip":false,
            "rstrip":false,"normalized":false,"special":true}],
            "normalizer":{"type":"NFC"},
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split",
            "pattern":{"Regex":"\\\\s+|[^\\\\s]+"},"behavior":"Isolated","invert":false},
            {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]},
            "post_processor":null,"decoder":{"type":"ByteLevel","add_prefix_space":false,
            "trim_offsets":false,"use_regex":false},
            "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":"",
            "end_of_word_suffix":"","fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
            "vocab":{"a":0,"b":1,"ab":2,"\u0120":3,"c":4},"merges":["a b"]}}""";

    @TempDir Path temp;

    @Test
    void opensOrRefuses() throws IOException {
        Natives.fromSystemProperty().prepare();
        long seed = new Random().nextLong();
        Mutations mutations = new Mutations(new Random(seed));
        Path file = temp.resolve("tokenizer.json");
        Files.writeString(file, SMALL);
        try (Qwen3Tokenizer whole = Qwen3Tokenizer.open(file)) {
            assertTrue(whole.encode("ab c").length == 3);
        }
        int read = 0;
        for (int round = 0; round < 500; round++) {
            byte[] bytes = mutations.of(SMALL.getBytes(StandardCharsets.UTF_8));
            Files.write(file, bytes);
            try (Qwen3Tokenizer tokenizer = Qwen3Tokenizer.open(file)) {
                tokenizer.encode("ab c \ud83d\ude00 \0");
                read++;
            } catch (ModelException e) {
                assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed "
                                + seed
                                + " round "
                                + round
                                + ": "
                                + new String(bytes, StandardCharsets.ISO_8859_1),
                        e);
            }
        }
        System.out.println("seed " + seed + ": " + read + " of 500 could be read");
        assertTrue(read > 5 && read < 500, "read " + read);
    }
}
