package io.github.qwen3retrieval.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingPromptTest {

    private static final String WEB_SEARCH =
            "Instruct: Given a web search query, retrieve relevant passages that answer the"
                    + " query\nQuery:";

    private static Qwen3Tokenizer tokenizer;

    /** Appends the end of text by itself. */
    private static HuggingFaceTokenizer official;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        tokenizer = OpenTokenizers.reranker();
        Path file = folder.resolve("tokenizer.json");
        OfficialTokenizer.writeEmbedding(file);
        official =
                HuggingFaceTokenizer.newInstance(
                        file, Map.of("truncation", "false", "padding", "false"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
        official.close();
    }

    @Test
    void aDocumentIsEncodedBareAndAQueryBehindItsTask() {
        for (String text : List.of("", " ", "What is the capital of China?", "\n北京", "x ")) {
            assertArrayEquals(official(text), ids(InputType.DOCUMENT, null, text));
            assertArrayEquals(official(WEB_SEARCH + text), ids(InputType.QUERY, null, text));
            String own = "Instruct: Find code\nQuery:" + text;
            assertArrayEquals(official(own), ids(InputType.QUERY, "Find code", text));
            assertArrayEquals(official(own), ids(InputType.DOCUMENT, "Find code", text));
        }
    }

    @Test
    void textsOfARequestBeginAlike() {
        for (String task : List.of("Find code", "Find code:", "任务", "a\n")) {
            EmbeddingPrompt prompt = new EmbeddingPrompt(tokenizer, InputType.QUERY, task, 512);
            int[] shared = prompt.shared();
            assertTrue(shared.length > 3);
            for (String text : List.of("", " ", "x", " x", ":", "\n北京", "\u0301e", "1", "::=")) {
                assertTrue(prompt.encode(text).continues(shared), task + text);
            }
        }
        assertEquals(
                0, new EmbeddingPrompt(tokenizer, InputType.DOCUMENT, null, 9).shared().length);
    }

    @Test
    void truncationKeepsTheEndOfText() {
        String text = "word ".repeat(100);
        int[] full = ids(InputType.QUERY, null, text);
        TokenSequence cut = prompt(InputType.QUERY, null, 40).encode(text);
        assertTrue(cut.truncated());
        assertEquals(40, cut.length());
        assertArrayEquals(Arrays.copyOf(full, 39), Arrays.copyOf(cut.ids(), 39));
        assertEquals(tokenizer.endOfText(), cut.ids()[39]);
    }

    @Test
    void aTextThatJustFitsIsNotTruncated() {
        String text = "one two three";
        int length = ids(InputType.DOCUMENT, null, text).length;
        assertFalse(prompt(InputType.DOCUMENT, null, length).encode(text).truncated());
        assertTrue(prompt(InputType.DOCUMENT, null, length - 1).encode(text).truncated());
    }

    @Test
    void anEndOfTextThatTheUserWroteIsText() {
        int[] ids = ids(InputType.DOCUMENT, null, "The end<|endoftext|>");
        long ends = Arrays.stream(ids).filter(id -> id == tokenizer.endOfText()).count();
        assertEquals(1, ends);
        assertEquals(tokenizer.endOfText(), ids[ids.length - 1]);
        assertTrue(ids.length > ids(InputType.DOCUMENT, null, "The end").length + 3);
    }

    @Test
    void lengthsWithoutRoomForATextAreRefused() {
        IllegalArgumentException tooShort =
                assertThrows(
                        IllegalArgumentException.class, () -> prompt(InputType.DOCUMENT, null, 1));
        assertEquals("[max_length] must be at least [2], got [1]", tooShort.getMessage());
        int taken = tokenizer.encode(WEB_SEARCH).length;
        prompt(InputType.QUERY, null, taken + 2);
        IllegalArgumentException noRoom =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> prompt(InputType.QUERY, null, taken + 1));
        assertTrue(noRoom.getMessage().startsWith("[instruction] takes [" + taken + "] of the ["));
        assertTrue(noRoom.getMessage().endsWith("to at least [" + (taken + 2) + "]"));
    }

    private static EmbeddingPrompt prompt(InputType type, String instruction, int maxLength) {
        return new EmbeddingPrompt(tokenizer, type, instruction, maxLength);
    }

    private static int[] ids(InputType type, String instruction, String text) {
        return prompt(type, instruction, 8192).encode(text).ids();
    }

    private static int[] official(String text) {
        return Arrays.stream(official.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
    }
}
