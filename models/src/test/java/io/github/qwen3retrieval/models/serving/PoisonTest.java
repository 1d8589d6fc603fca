package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static io.github.qwen3retrieval.models.serving.SmallModels.query;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents made by an enemy are read as far as the model reads, and hold nobody up. */
class PoisonTest {

    @TempDir static Path folder;

    private final CountingBudget memory = new CountingBudget();
    private final Models models =
            new Models(
                    ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                            .threads(2)
                            .queueTokens(10_000_000)
                            .build(),
                    memory);

    @BeforeAll
    static void writeCheckpoints() throws IOException {
        TinyCheckpoint.write(folder, ModelKind.EMBEDDING);
        TinyCheckpoint.write(folder, ModelKind.RERANKER);
    }

    @AfterEach
    void closeAndCount() {
        models.close();
        assertEquals(0, memory.reserved());
        assertEquals(0, models.stats().nativeArrays());
    }

    private static Map<String, String> poisons() {
        Map<String, String> poisons = new LinkedHashMap<>();
        poisons.put("1 MB of one word", "word".repeat(1 << 18));
        poisons.put("1 MB of one letter", "a".repeat(1 << 20));
        poisons.put("100,000 emoji", "\ud83d\ude00".repeat(100_000));
        poisons.put("1 MB of control characters", "\u0001\u0002\u001b\u007f".repeat(1 << 18));
        poisons.put("1 MB of NUL", "\0".repeat(1 << 20));
        poisons.put("1 MB of halves of characters", "\ud83d".repeat(1 << 20));
        poisons.put("halves the wrong way round", "\udc00\ud800".repeat(1 << 19));
        poisons.put("1 MB of marks on one letter", "e" + "\u0301\u0323".repeat(1 << 19));
        poisons.put("1 MB of spaces", " ".repeat(1 << 20));
        poisons.put("1 MB of line breaks", "\r\n".repeat(1 << 19));
        poisons.put("20 MB of words", "glaciers move ".repeat(1_500_000));
        return poisons;
    }

    @Test
    void enemyTextsGiveFiniteAnswers() throws Exception {
        get(models.embed(documents("open the model first")));
        for (Map.Entry<String, String> poison : poisons().entrySet()) {
            long started = System.nanoTime();
            Embedding embedding = get(models.embed(documents(poison.getValue()))).get(0);
            long embedded = System.nanoTime();
            List<String> window = List.of("ice", poison.getValue(), "snow");
            List<RerankScore> scores = get(models.rerank(rerank("ice", window))).scores();
            System.out.printf(
                    Locale.ROOT,
                    "%-30s embedded in %5d ms, reranked in %5d ms, %5d tokens%n",
                    poison.getKey(),
                    (embedded - started) / 1_000_000,
                    (System.nanoTime() - embedded) / 1_000_000,
                    embedding.tokens());
            double length = 0;
            for (float number : embedding.vector()) {
                length += number * number;
            }
            assertEquals(1, length, 1e-4, poison.getKey());
            assertTrue(embedding.tokens() <= 4096, poison.getKey());
            for (RerankScore score : scores) {
                assertTrue(score.probability() >= 0 && score.probability() <= 1, poison.getKey());
                assertTrue(score.tokens() <= 4096, poison.getKey());
            }
            assertTrue(scores.get(1).truncated(), poison.getKey());
        }
    }

    @Test
    void whatIsCutBeforeItIsReadGivesTheSameVector() throws Exception {
        String text = "glaciers move by sliding, ".repeat(40_000);
        float[] cut = get(models.embed(documents(text))).get(0).vector();
        float[] shorter = get(models.embed(documents(text.substring(0, 60_000)))).get(0).vector();
        assertArrayEquals(shorter, cut, 1e-6f);
    }

    @Test
    void aSearchDoesNotWaitForPoisonToBeRead() throws Exception {
        get(models.embed(documents("open the model first")));
        String[] texts = new String[40];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = i + "\ud83d".repeat(1 << 20);
        }
        CompletableFuture<List<Embedding>> ingest = models.embed(documents(texts));
        assertEquals(1, get(models.embed(query("how do glaciers move"))).size());
        assertEquals(false, ingest.isDone(), "the search was answered first");
        ingest.cancel(false);
    }
}
