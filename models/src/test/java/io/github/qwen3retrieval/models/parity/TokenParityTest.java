package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.tokenizer.EmbeddingPrompt;
import io.github.qwen3retrieval.models.tokenizer.OpenTokenizers;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Token ids are those of the official tokenizer; special tokens in texts are plain characters. */
class TokenParityTest {

    private static Qwen3Tokenizer tokenizer;

    private record Ids(List<Text> plain, List<Text> special) {}

    private record Text(String text, int[] ids, int naive) {}

    private record Prompts(List<EmbeddingText> embeddings, List<Pair> pairs) {}

    private record EmbeddingText(
            String inputType,
            String instruction,
            Integer maxLength,
            String text,
            int[] ids,
            boolean truncated) {}

    private record Pair(
            String instruction,
            String query,
            String document,
            Integer maxLength,
            int[] ids,
            boolean truncated) {}

    @BeforeAll
    static void open() {
        tokenizer = OpenTokenizers.reranker();
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void textsHaveTheOfficialIds() {
        List<Text> texts = Golden.read("token-ids.json", Ids.class).plain();
        assertTrue(new HashSet<>(texts.stream().map(Text::text).toList()).size() >= 200);
        for (Text text : texts) {
            assertArrayEquals(text.ids(), tokenizer.encode(text.text()), text.text());
        }
    }

    @Test
    void specialTokensInTextsArePlainCharacters() {
        List<Text> texts = Golden.read("token-ids.json", Ids.class).special();
        for (Text text : texts) {
            assertArrayEquals(text.ids(), tokenizer.encode(text.text()), text.text());
        }
        // every one of the 26 special tokens alone is one token to the official tokenizer
        long single = texts.stream().filter(t -> t.naive() == 1 && t.ids().length > 1).count();
        assertEquals(26, single);
    }

    @Test
    void embeddingPromptsHaveTheOfficialIds() {
        List<EmbeddingText> texts = Golden.read("prompts.json", Prompts.class).embeddings();
        assertTrue(texts.stream().filter(EmbeddingText::truncated).count() >= 20);
        for (EmbeddingText text : texts) {
            EmbeddingPrompt prompt =
                    new EmbeddingPrompt(
                            tokenizer,
                            InputType.valueOf(text.inputType().toUpperCase(Locale.ROOT)),
                            text.instruction(),
                            text.maxLength() == null
                                    ? EmbeddingRequest.DEFAULT_MAX_LENGTH
                                    : text.maxLength());
            TokenSequence sequence = prompt.encode(text.text());
            assertArrayEquals(text.ids(), sequence.ids(), text.text());
            assertEquals(text.truncated(), sequence.truncated(), text.text());
        }
    }

    @Test
    void pairsHaveTheOfficialIds() {
        List<Pair> pairs = Golden.read("prompts.json", Prompts.class).pairs();
        assertTrue(pairs.stream().filter(Pair::truncated).count() >= 20);
        for (Pair pair : pairs) {
            int maxLength =
                    pair.maxLength() == null ? RerankRequest.DEFAULT_MAX_LENGTH : pair.maxLength();
            RerankPrompt prompt =
                    new RerankPrompt(tokenizer, pair.query(), pair.instruction(), maxLength);
            TokenSequence tail = prompt.tail(pair.document());
            String place = "[" + pair.query() + "] [" + pair.document() + "]";
            assertArrayEquals(pair.ids(), join(prompt.prefix(), tail.ids()), place);
            assertEquals(pair.truncated(), tail.truncated(), place);
        }
    }

    private static int[] join(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }
}
