package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A text's result does not depend on what it shares a request and a batch with: alone, in order and
 * shuffled, on one thread and on several, in small batches and in large ones.
 */
class InvarianceTest {

    private static final double LIMIT = 1e-5;

    private static final String QUERY = "how do glaciers move";

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @TempDir(factory = InTarget.class)
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = "embedding-sharded-f16")
    void vectors(String model) throws Exception {
        ParityCase.named(model).write(folder);
        List<String> texts = texts();
        Difference difference = new Difference(model + " in any batch, seed " + seed, LIMIT);
        List<Embedding> alone = new ArrayList<>();
        try (CheckpointModels models = new CheckpointModels(folder, 1, 1)) {
            texts.forEach(text -> alone.addAll(models.embed(model, List.of(text))));
        }
        assertEquals(2, alone.get(0).tokens());
        assertTrue(alone.stream().mapToInt(Embedding::tokens).max().orElseThrow() > 2000);
        for (Setting setting : SETTINGS) {
            List<Integer> order = setting.order(texts.size(), random);
            try (CheckpointModels models = setting.open(folder)) {
                List<Embedding> batch =
                        models.embed(model, order.stream().map(texts::get).toList());
                for (int i = 0; i < order.size(); i++) {
                    int text = order.get(i);
                    assertEquals(alone.get(text).tokens(), batch.get(i).tokens());
                    String place = setting + " text " + text;
                    difference.add(alone.get(text).vector(), batch.get(i).vector(), place);
                }
            }
        }
        difference.check();
    }

    @ParameterizedTest
    @ValueSource(strings = "reranker-one-kv-head-f16")
    void scores(String model) throws Exception {
        ParityCase.named(model).write(folder);
        List<String> texts = texts();
        Difference difference = new Difference(model + " in any batch, seed " + seed, LIMIT);
        List<RerankScore> alone = new ArrayList<>();
        try (CheckpointModels models = new CheckpointModels(folder, 1, 1)) {
            texts.forEach(text -> alone.addAll(models.rerank(model, QUERY, List.of(text))));
        }
        for (Setting setting : SETTINGS) {
            List<Integer> order = setting.order(texts.size(), random);
            List<String> ordered = order.stream().map(texts::get).toList();
            try (CheckpointModels models = setting.open(folder)) {
                List<RerankScore> batch = models.rerank(model, QUERY, ordered);
                for (int i = 0; i < order.size(); i++) {
                    RerankScore expected = alone.get(order.get(i));
                    assertEquals(expected.tokens(), batch.get(i).tokens());
                    String place = setting + " document " + order.get(i);
                    difference.add(expected.probability(), batch.get(i).probability(), place);
                }
                assertEquals(batch, models.rerank(model, QUERY, ordered), "twice, bit by bit");
            }
        }
        difference.check();
    }

    private static final List<Setting> SETTINGS =
            List.of(
                    new Setting(3, 512, false),
                    new Setting(2, 64, true),
                    new Setting(2, 16_384, true));

    private record Setting(int threads, int batchTokens, boolean shuffled) {

        CheckpointModels open(Path folder) {
            return new CheckpointModels(folder, threads, batchTokens);
        }

        List<Integer> order(int texts, Random random) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, texts).boxed().toList());
            if (shuffled) {
                Collections.shuffle(order, random);
            }
            return order;
        }
    }

    /** Texts of about 1 to 2,000 words that are one token each, most of them short. */
    private List<String> texts() {
        List<String> words = List.of(" ice", " moves", " down", " 冰", " der", " is", " 7", " yes");
        List<String> texts = new ArrayList<>();
        for (int length = 1; length <= 2000; length = length * 4 / 3 + 1) {
            StringBuilder text = new StringBuilder("a");
            for (int i = 1; i < length; i++) {
                text.append(words.get(random.nextInt(words.size())));
            }
            texts.add(text.toString());
        }
        texts.add("b" + " long".repeat(1999));
        return texts;
    }
}
