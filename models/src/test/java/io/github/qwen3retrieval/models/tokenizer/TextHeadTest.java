package io.github.qwen3retrieval.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A long text's first ids are those of the whole text, and cost no more than they must. */
class TextHeadTest {

    private static final Qwen3Tokenizer TOKENIZER = OpenTokenizers.reranker();

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    @Test
    void givesTheFirstIdsOfTheWholeText() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<String> between = List.of(" ice ", "ice\n", "氷。", "A, ", "z! ", "7 ", "é ", "x.\n");
        AtomicInteger cuts = new AtomicInteger();
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 1_500) {
                text.append(RandomTexts.next(random));
                text.append(between.get(random.nextInt(between.size()))).append("ice ");
            }
            String whole = text.toString();
            TextHead head =
                    new TextHead(
                            part -> {
                                cuts.addAndGet(part.length() < whole.length() ? 1 : 0);
                                return TOKENIZER.encode(part);
                            },
                            300 + random.nextInt(100));
            int wanted = 1 + random.nextInt(20);
            int[] expected = TOKENIZER.encode(whole);
            int[] ids = head.encode(whole, wanted);
            assertTrue(ids.length >= wanted, "seed " + seed + " round " + round);
            assertArrayEquals(
                    Arrays.copyOf(expected, wanted),
                    Arrays.copyOf(ids, wanted),
                    "seed " + seed + " round " + round);
        }
        assertTrue(cuts.get() >= 500, "nothing was cut");
    }

    @Test
    void costsWhatIsWantedWhateverTheText() {
        int wanted = 8192;
        for (String piece : List.of("word ", "a", "氷", "\ud83d\ude00", "\0", "e\u0301")) {
            String text = piece.repeat(8_000_000 / piece.length());
            AtomicLong chars = new AtomicLong();
            TextHead head =
                    new TextHead(
                            part -> {
                                chars.addAndGet(part.length());
                                return TOKENIZER.encode(part);
                            },
                            TextHead.MIN_CHARS);
            int[] ids = head.encode(text, wanted);
            assertTrue(ids.length >= wanted, piece);
            assertTrue(chars.get() <= 1_000_000, "[" + piece + "] cost " + chars.get());
            int[] some = TOKENIZER.encode(text.substring(0, 262_144));
            assertArrayEquals(Arrays.copyOf(some, wanted), Arrays.copyOf(ids, wanted), piece);
        }
    }

    @Test
    void leavesShortTextsWhole() {
        String text = "ice ".repeat(30_000);
        AtomicInteger calls = new AtomicInteger();
        TextHead head =
                new TextHead(
                        part -> {
                            calls.incrementAndGet();
                            return TOKENIZER.encode(part);
                        },
                        TextHead.MIN_CHARS);
        assertEquals(TOKENIZER.encode(text).length, head.encode(text, 10).length);
        assertEquals(1, calls.get());
    }
}
