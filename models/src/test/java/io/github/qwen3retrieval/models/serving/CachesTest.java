package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.failure;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static io.github.qwen3retrieval.models.serving.SmallModels.query;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was asked before is not computed again, and whatever differs is. */
class CachesTest {

    @TempDir static Path folder;

    private final CountingBudget memory = new CountingBudget();
    private final Models models = models(folder);

    @BeforeAll
    static void writeCheckpoints() throws IOException {
        TinyCheckpoint.write(folder, ModelKind.EMBEDDING);
        TinyCheckpoint.write(folder, ModelKind.RERANKER);
    }

    private Models models(Path of) {
        return new Models(
                ModelsOptions.builder(Natives.fromSystemProperty(), of)
                        .threads(2)
                        .caches(1 << 20, 1 << 20)
                        .build(),
                memory);
    }

    @AfterEach
    void closeAndCount() {
        models.close();
        assertEquals(0, memory.reserved());
        assertEquals(0, models.stats().nativeArrays());
    }

    /** Batches are counted when they have ended, soon after their answers. */
    private static void assertComputed(long texts, Models by) throws InterruptedException {
        LongSupplier computed = () -> by.stats().search().texts() + by.stats().ingest().texts();
        SmallModels.await("the end of a batch", () -> computed.getAsLong() >= texts);
        assertEquals(texts, computed.getAsLong());
    }

    private void assertComputed(long texts) throws InterruptedException {
        assertComputed(texts, models);
    }

    private float[] vector(EmbeddingRequest request) throws Exception {
        return get(models.embed(request)).get(0).vector();
    }

    @Test
    void aQueryIsEmbeddedOnce() throws Exception {
        float[] first = vector(query("how do glaciers move"));
        float[] expected = first.clone();
        first[0] = 42;
        float[] second = vector(query("how do glaciers move"));
        assertArrayEquals(expected, second, "each caller has a vector of its own");
        assertNotSame(first, second);
        assertComputed(1);
        ModelsStats.Cache stats = models.stats().queryVectors();
        assertEquals(1, stats.hits());
        assertEquals(1, stats.misses());
        assertEquals(1, stats.entries());
        assertEquals(true, stats.bytes() > 64 * 4 && stats.bytes() < 1_000, "" + stats.bytes());
    }

    @Test
    void whateverDiffersIsEmbedded() throws Exception {
        List<String> one = List.of("ice");
        List<EmbeddingRequest> requests =
                List.of(
                        new EmbeddingRequest(null, InputType.QUERY, one, null, null, null),
                        new EmbeddingRequest(
                                null, InputType.QUERY, List.of("Ice"), null, null, null),
                        new EmbeddingRequest(null, InputType.QUERY, one, "find", null, null),
                        new EmbeddingRequest(null, InputType.QUERY, one, "", null, null),
                        new EmbeddingRequest(null, InputType.QUERY, one, null, 32, null),
                        new EmbeddingRequest(null, InputType.QUERY, one, null, null, 64));
        for (int round = 0; round < 2; round++) {
            for (EmbeddingRequest request : requests) {
                vector(request);
            }
            assertComputed(requests.size());
        }
        EmbeddingRequest document =
                new EmbeddingRequest(null, InputType.DOCUMENT, one, null, null, null);
        vector(document);
        vector(document);
        assertComputed(requests.size() + 2);
    }

    @Test
    void equalQueriesAtOnceAreComputedOnce() throws Exception {
        // they all wait for the model to be opened
        List<CompletableFuture<List<Embedding>>> all =
                IntStream.range(0, 50).mapToObj(i -> models.embed(query("glaciers"))).toList();
        all.get(0).cancel(false);
        all.get(49).cancel(false);
        float[] expected = get(all.get(1)).get(0).vector();
        for (CompletableFuture<List<Embedding>> one : all.subList(2, 49)) {
            assertArrayEquals(expected, get(one).get(0).vector());
        }
        assertComputed(1);
        assertEquals(1, models.stats().queryVectors().misses());
        assertEquals(2, models.stats().cancelled());
        assertEquals(0, models.stats().queueTokens());
    }

    @Test
    void equalTextsOfARequestAreComputedOnce() throws Exception {
        List<String> texts = List.of("a b", "ice", "a b", "a b", "ice");
        EmbeddingRequest request =
                new EmbeddingRequest(null, InputType.DOCUMENT, texts, null, null, null);
        List<Embedding> vectors = get(models.embed(request));
        assertArrayEquals(vectors.get(0).vector(), vectors.get(3).vector());
        assertArrayEquals(vectors.get(1).vector(), vectors.get(4).vector());
        assertNotSame(vectors.get(0).vector(), vectors.get(3).vector());
        assertComputed(2);
    }

    @Test
    void equalDocumentsOfARequestAreScoredOnce() throws Exception {
        List<String> documents = List.of("ice", "eggs", "ice", "ice", "eggs");
        List<RerankScore> scores = get(models.rerank(rerank("glaciers", documents))).scores();
        assertEquals(scores.get(0), scores.get(2));
        assertEquals(scores.get(0), scores.get(3));
        assertEquals(scores.get(1), scores.get(4));
        assertNotEquals(scores.get(0).logit(), scores.get(1).logit());
        assertComputed(2);
    }

    @Test
    void onlyDocumentsNotSeenAreScored() throws Exception {
        List<String> documents =
                new ArrayList<>(IntStream.range(0, 50).mapToObj(i -> "text number " + i).toList());
        List<RerankScore> before = get(models.rerank(rerank("ice", documents))).scores();
        assertComputed(50);
        for (int i = 0; i < 50; i += 10) {
            documents.set(i, "another text, number " + i);
        }
        List<RerankScore> after = get(models.rerank(rerank("ice", documents))).scores();
        assertComputed(55);
        for (int i = 0; i < 50; i++) {
            assertEquals(i % 10 != 0, before.get(i).equals(after.get(i)), "document " + i);
        }
        assertEquals(after, get(models.rerank(rerank("ice", documents))).scores());
        assertComputed(55);
        assertEquals(95, models.stats().rerankScores().hits());
        assertEquals(55, models.stats().rerankScores().misses());
        assertEquals(55, models.stats().rerankScores().entries());
        get(models.rerank(rerank("Ice", documents)));
        get(models.rerank(new RerankRequest(null, "ice", documents, "judge", null, null)));
        get(models.rerank(new RerankRequest(null, "ice", documents, null, 512, null)));
        assertComputed(205);
    }

    @Test
    void aReloadedModelIsAskedAnew() throws Exception {
        vector(query("ice"));
        get(models.rerank(rerank("ice", List.of("a", "b"))));
        get(models.reload("tiny-embedding"));
        get(models.reload("tiny-reranker"));
        vector(query("ice"));
        get(models.rerank(rerank("ice", List.of("a", "b"))));
        assertComputed(6);
    }

    @Test
    void failuresAreNotKept() throws Exception {
        Path bad = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-nan"));
        for (ModelKind kind : ModelKind.values()) {
            NanCheckpoint.spoil(TinyCheckpoint.write(bad, kind));
        }
        try (Models spoiled = models(bad)) {
            for (int i = 0; i < 2; i++) {
                failure(ModelException.class, spoiled.embed(query("ice")));
                failure(ModelException.class, spoiled.rerank(rerank("ice", List.of("a"))));
            }
            assertEquals(0, spoiled.stats().queryVectors().entries());
            assertEquals(2, spoiled.stats().queryVectors().misses());
            assertEquals(0, spoiled.stats().rerankScores().entries());
            assertEquals(2, spoiled.stats().rerankScores().misses());
        }
    }

    @Test
    void nothingIsKeptByDefault() throws Exception {
        try (Models plain =
                new Models(ModelsOptions.of(Natives.fromSystemProperty(), folder), memory)) {
            for (int i = 0; i < 2; i++) {
                get(plain.embed(query("ice")));
                get(plain.rerank(rerank("ice", List.of("a"))));
            }
            assertComputed(4, plain);
            assertEquals(ModelsStats.Cache.UNUSED, plain.stats().queryVectors());
            assertEquals(ModelsStats.Cache.UNUSED, plain.stats().rerankScores());
        }
    }
}
