package io.github.qwen3retrieval.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RerankPromptTest {

    private static final String QUERY = "which of them is it ".repeat(50);

    private static Qwen3Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = OpenTokenizers.reranker();
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void cutPromptsAreThoseOfWholeStrings() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 6000; i++) {
            String query = RandomTexts.next(random);
            String document = RandomTexts.next(random);
            String context = "seed " + seed + " round " + i + " [" + query + "] [" + document + "]";
            int maxLength = random.nextInt(4) == 0 ? 160 : 8192;
            RerankPrompt prompt;
            try {
                prompt = new RerankPrompt(tokenizer, query, "Find it", maxLength);
            } catch (IllegalArgumentException e) {
                continue;
            }
            int[] whole = join(prompt.prefix(), prompt.tail(document).ids());
            assertArrayEquals(official(query, document, maxLength), whole, context);
        }
    }

    @Test
    void aQueryThatFillsThePromptIsRefused() {
        RerankPrompt roomy = new RerankPrompt(tokenizer, QUERY, "Find it", 8192);
        int needed = roomy.prefix().length + roomy.tail("x").length();
        assertEquals(needed, roomy.prefix().length + whole("x", needed).length());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> whole("x", needed - 1));
        assertTrue(e.getMessage().contains("which leaves none of the [" + (needed - 1) + "] of"));
        assertTrue(e.getMessage().endsWith("raise [max_length] to at least [" + needed + "]"));
    }

    @Test
    void aLongDocumentLosesItsEndAndKeepsTheSuffix() {
        TokenSequence cut = whole("tail ".repeat(500), 400);
        assertTrue(cut.truncated());
        TokenSequence full = whole("tail ".repeat(500), 8192);
        assertFalse(full.truncated());
        int[] suffix = tokenizer.encodeTemplate(Templates.RERANK_SUFFIX);
        int kept = cut.length() - suffix.length;
        assertArrayEquals(Arrays.copyOf(full.ids(), kept), Arrays.copyOf(cut.ids(), kept));
        assertArrayEquals(suffix, Arrays.copyOfRange(cut.ids(), kept, cut.length()));
        RerankPrompt prompt = new RerankPrompt(tokenizer, QUERY, "Find it", 400);
        assertEquals(400, prompt.prefix().length + cut.length());
    }

    private static TokenSequence whole(String document, int maxLength) {
        return new RerankPrompt(tokenizer, QUERY, "Find it", maxLength).tail(document);
    }

    /** As the model card's code does it, for texts without special tokens. */
    private static int[] official(String query, String document, int maxLength) {
        int[] prefix = tokenizer.encodeTemplate(Templates.RERANK_PREFIX);
        int[] suffix = tokenizer.encodeTemplate(Templates.RERANK_SUFFIX);
        int[] body =
                tokenizer.encode(
                        "<Instruct>: Find it\n<Query>: " + query + "\n<Document>: " + document);
        int kept = Math.min(body.length, maxLength - prefix.length - suffix.length);
        return join(join(prefix, Arrays.copyOf(body, kept)), suffix);
    }

    private static int[] join(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }
}
