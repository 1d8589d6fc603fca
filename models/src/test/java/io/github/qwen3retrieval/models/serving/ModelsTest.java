package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.failure;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers of the seam meet: answers, refusals, limits and the end. */
class ModelsTest {

    @TempDir static Path folder;

    private final CountingBudget memory = new CountingBudget();
    private Models models = new Models(options(), memory);

    @BeforeAll
    static void writeCheckpoints() throws IOException {
        TinyCheckpoint.write(folder, ModelKind.EMBEDDING);
        TinyCheckpoint.write(folder, ModelKind.RERANKER);
        Files.createDirectory(folder.resolve("half"));
    }

    private static ModelsOptions options() {
        return options(Precision.AUTO);
    }

    private static ModelsOptions options(Precision precision) {
        return ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                .threads(2)
                .precision(precision)
                .build();
    }

    @AfterEach
    void closeAndCount() {
        models.close();
        assertEquals(0, memory.reserved(), "memory must be given back");
        assertEquals(0, models.stats().nativeArrays(), "arrays must be closed");
    }

    @Test
    void embedsInTheOrderOfTheTexts() throws Exception {
        List<Embedding> both = get(models.embed(documents("a", "a much longer text than that")));
        List<Embedding> swapped = get(models.embed(documents("a much longer text than that", "a")));
        assertEquals(2, both.get(0).tokens());
        assertEquals(both.get(0).tokens(), swapped.get(1).tokens());
        for (int i = 0; i < 64; i++) {
            assertEquals(both.get(0).vector()[i], swapped.get(1).vector()[i], 1e-6);
            assertEquals(both.get(1).vector()[i], swapped.get(0).vector()[i], 1e-6);
        }
    }

    @Test
    void queriesAndDocumentsDiffer() throws Exception {
        float[] document = get(models.embed(documents("glaciers"))).get(0).vector();
        EmbeddingRequest query =
                new EmbeddingRequest(null, InputType.QUERY, List.of("glaciers"), null, null, null);
        Embedding embedded = get(models.embed(query)).get(0);
        assertTrue(Math.abs(document[0] - embedded.vector()[0]) > 1e-4);
        assertTrue(embedded.tokens() > 15, "the instruction is read too");
    }

    @Test
    void nothingToDoIsDoneAtOnce() throws Exception {
        assertEquals(List.of(), get(models.embed(documents())));
        RerankRequest none = new RerankRequest(null, "q", List.of(), null, null, null);
        assertEquals(List.of(), get(models.rerank(none)).scores());
    }

    @Test
    void refusesDimensionsTheModelDoesNotHave() {
        for (int dimensions : new int[] {-1, 0, 31, 65}) {
            EmbeddingRequest request =
                    new EmbeddingRequest(
                            null, InputType.DOCUMENT, List.of("a"), null, dimensions, null);
            String message =
                    failure(IllegalArgumentException.class, models.embed(request)).getMessage();
            assertEquals(
                    "[dimensions] must be between [32] and [64] for model [tiny-embedding], got ["
                            + dimensions
                            + "]",
                    message);
        }
    }

    @Test
    void refusesLengthsTheModelCannotRead() {
        EmbeddingRequest request =
                new EmbeddingRequest(null, InputType.DOCUMENT, List.of("a"), null, null, 4097);
        String message =
                failure(IllegalArgumentException.class, models.embed(request)).getMessage();
        assertTrue(message.startsWith("[max_length] must be between [2] and [4096]"), message);
    }

    @Test
    void namesTheModelsThatAreThere() {
        EmbeddingRequest unknown =
                new EmbeddingRequest("nope", InputType.DOCUMENT, List.of("a"), null, null, null);
        String message =
                failure(IllegalArgumentException.class, models.embed(unknown)).getMessage();
        assertTrue(message.contains("[model_id] [nope] is no model of this node"), message);
        assertFalse(message.contains(folder.toString()), message);
        assertTrue(message.contains("[half, tiny-embedding, tiny-reranker]"), message);

        EmbeddingRequest outside =
                new EmbeddingRequest(
                        "../tiny-embedding", InputType.DOCUMENT, List.of("a"), null, null, null);
        failure(IllegalArgumentException.class, models.embed(outside));

        EmbeddingRequest wrongKind =
                new EmbeddingRequest(
                        "tiny-reranker", InputType.DOCUMENT, List.of("a"), null, null, null);
        message = failure(IllegalArgumentException.class, models.embed(wrongKind)).getMessage();
        assertTrue(message.contains("is of kind [reranker]"), message);

        EmbeddingRequest broken =
                new EmbeddingRequest("half", InputType.DOCUMENT, List.of("a"), null, null, null);
        message = failure(ModelException.class, models.embed(broken)).getMessage();
        assertTrue(message.contains("config.json"), message);
    }

    @Test
    void listsModelsAndTheirStates() throws Exception {
        assertEquals(
                List.of("broken", "closed", "closed"),
                models.list().stream().map(ModelStatus::state).toList());
        get(models.embed(documents("a")));
        ModelStatus open = models.list().get(1);
        assertEquals("open", open.state());
        assertEquals("embedding", open.kind());
        assertEquals(2, open.layers());
        assertEquals(64, open.hiddenSize());
        assertNull(open.error());
        assertNotNull(models.list().get(0).error());
    }

    @Test
    void tellsTheSha256OfModels() throws Exception {
        Path tiny = folder.resolve("tiny-embedding");
        String expected = CheckpointDigest.of(tiny, () -> true);
        assertEquals(expected, get(models.sha256("tiny-embedding")));
        assertEquals(expected, models.status("tiny-embedding").sha256(), "known now");
        assertNull(models.status("half").sha256());
        failure(ModelException.class, models.sha256("half"));
        for (String outside : List.of("nope", "../tiny-embedding", "", ".", "a\0b", "/tmp")) {
            failure(IllegalArgumentException.class, models.sha256(outside));
            assertThrows(IllegalArgumentException.class, () -> models.status(outside));
        }
    }

    @Test
    void refusesWhatTheQueueCannotHold() throws Exception {
        models.close();
        models =
                new Models(
                        ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                                .threads(1)
                                .batchTokens(64)
                                .queueTokens(2_000)
                                .build(),
                        memory);
        String text = "word ".repeat(900);
        List<CompletableFuture<List<Embedding>>> all =
                IntStream.range(0, 20).mapToObj(i -> models.embed(documents(text))).toList();
        int refused = 0;
        for (CompletableFuture<List<Embedding>> one : all) {
            try {
                assertEquals(1, get(one).size());
            } catch (ExecutionException e) {
                String message = e.getCause().getMessage();
                assertInstanceOf(RejectedExecutionException.class, e.getCause());
                assertTrue(message.contains("[qwen3.queue.max_tokens] of [2000]"), message);
                refused++;
            }
        }
        assertTrue(refused > 0 && refused < 20, "refused " + refused);
        assertEquals(refused, models.stats().rejected());
        assertEquals(0, models.stats().queueTokens());
        assertEquals(1, get(models.embed(documents(text))).size(), "there is room again");
    }

    @Test
    void cancelledWorkIsNotComputed() throws Exception {
        get(models.embed(documents("open the model first")));
        long before = models.stats().ingest().texts();
        List<CompletableFuture<List<Embedding>>> all =
                IntStream.range(0, 200)
                        .mapToObj(i -> models.embed(documents("word ".repeat(1000) + i)))
                        .toList();
        all.forEach(one -> one.cancel(false));
        get(models.embed(documents("the last one")));
        long computed = models.stats().ingest().texts() - before;
        assertTrue(computed < 100, "computed " + computed);
        assertTrue(models.stats().cancelled() > 100);
        assertEquals(0, models.stats().queueTokens());
    }

    @Test
    void aTimeoutGivesWhatThereIs() throws Exception {
        get(models.rerank(new RerankRequest(null, "q", List.of("open"), null, null, null)));
        // equal ones would be scored once
        List<String> documents =
                IntStream.range(0, 400).mapToObj(i -> i + " word".repeat(500)).toList();
        RerankRequest request =
                new RerankRequest(null, "q", documents, null, null, Duration.ofMillis(300));
        long started = System.nanoTime();
        RerankResponse response = get(models.rerank(request));
        long millis = (System.nanoTime() - started) / 1_000_000;
        assertFalse(response.complete());
        assertEquals(400, response.scores().size());
        assertNull(response.scores().get(399));
        assertTrue(millis < 5_000, "took " + millis + " ms");
        assertEquals(1, models.stats().timedOut());
    }

    @Test
    void aQueryThatFillsThePromptIsAnError() {
        RerankRequest request =
                new RerankRequest(null, "word ".repeat(300), List.of("a"), null, 256, null);
        String message =
                failure(IllegalArgumentException.class, models.rerank(request)).getMessage();
        assertTrue(message.contains("[max_length]"), message);
    }

    @Test
    void whatTheBudgetRefusesFailsAlone() throws Exception {
        get(models.embed(documents("open the model first")));
        memory.limit(memory.reserved() + 3_000_000);
        String tooLong = "word ".repeat(3_000);
        IllegalStateException refused =
                failure(IllegalStateException.class, models.embed(documents(tooLong)));
        assertTrue(refused.getMessage().startsWith("no memory for qwen3 batch of"));
        assertEquals(1, get(models.embed(documents("short"))).size());
        memory.limit(Long.MAX_VALUE);
    }

    @Test
    void bfloat16IsNearFloat32InHalfTheMemory() throws Exception {
        models.open("tiny-embedding");
        float[] exact = get(models.embed(documents("glaciers move"))).get(0).vector();
        models.close();
        try (Models rough = new Models(options(Precision.BFLOAT16), memory)) {
            rough.open("tiny-embedding");
            // two bytes for each of the layers' 86,400 numbers; or none, where a trial found
            // products of parts faster, which read the file
            Set<Long> expected = Set.of(0L, 2L * 86_400);
            assertTrue(expected.contains(memory.reserved()), "reserved " + memory.reserved());
            float[] vector = get(rough.embed(documents("glaciers move"))).get(0).vector();
            double cosine = 0;
            for (int i = 0; i < vector.length; i++) {
                cosine += (double) exact[i] * vector[i];
            }
            assertTrue(cosine > 0.999 && cosine < 0.9999999, "cosine " + cosine);
        }
    }

    @Test
    void searchesGoAheadOfIngest() throws Exception {
        get(models.embed(documents("open the model first")));
        List<CompletableFuture<List<Embedding>>> ingest =
                IntStream.range(0, 150)
                        .mapToObj(i -> models.embed(documents("word ".repeat(1000) + i)))
                        .toList();
        EmbeddingRequest query =
                new EmbeddingRequest(null, InputType.QUERY, List.of("first"), null, null, null);
        assertEquals(1, get(models.embed(query)).size());
        long done = ingest.stream().filter(CompletableFuture::isDone).count();
        assertTrue(done < 75, "the query waited for [" + done + "] of 150 documents");
        for (CompletableFuture<List<Embedding>> one : ingest) {
            assertEquals(1, get(one).size());
        }
    }

    @ParameterizedTest
    @ValueSource(shorts = {(short) 0xFFFF, 0x7F80, (short) 0xFF80})
    void numbersThatAreNoneAreAnError(short number, @TempDir Path bad) throws Exception {
        for (ModelKind kind : ModelKind.values()) {
            NanCheckpoint.spoil(TinyCheckpoint.write(bad, kind), number);
        }
        ModelsOptions options = ModelsOptions.of(Natives.fromSystemProperty(), bad);
        try (Models spoiled = new Models(options, memory)) {
            String message =
                    failure(ModelException.class, spoiled.embed(documents("a"))).getMessage();
            assertTrue(message.contains("gave no finite vector"), message);
            RerankRequest request = new RerankRequest(null, "q", List.of("a"), null, null, null);
            message = failure(ModelException.class, spoiled.rerank(request)).getMessage();
            assertTrue(message.contains("gave no finite score"), message);
        }
    }

    @Test
    void whoGivesUpMakesRoomForOthersAtOnce() throws Exception {
        models.close();
        models =
                new Models(
                        ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                                .threads(1)
                                .queueTokens(2_000)
                                .build(),
                        memory);
        // nothing is computed before the model is open, so all of this waits
        CompletableFuture<List<Embedding>> first = models.embed(documents("word ".repeat(700)));
        CompletableFuture<List<Embedding>> large = models.embed(documents("word ".repeat(700)));
        RejectedExecutionException refused =
                failure(
                        RejectedExecutionException.class,
                        models.embed(documents("word ".repeat(700))));
        assertTrue(refused.getMessage().contains("[876] more"), refused.getMessage());
        large.cancel(false);
        CompletableFuture<List<Embedding>> next = models.embed(documents("word ".repeat(700)));
        assertEquals(1, get(next).size());
        assertEquals(1, get(first).size());
        assertEquals(0, models.stats().queueTokens());
    }

    @Test
    void closingFailsWhatWaits() throws Exception {
        get(models.embed(documents("open the model first")));
        List<CompletableFuture<List<Embedding>>> all =
                IntStream.range(0, 50)
                        .mapToObj(i -> models.embed(documents("word ".repeat(2000) + i)))
                        .toList();
        models.close();
        for (CompletableFuture<List<Embedding>> one : all) {
            assertTrue(one.isDone(), "nobody may wait for ever");
        }
        assertTrue(all.get(49).isCompletedExceptionally());
        failure(RejectedExecutionException.class, models.embed(documents("too late")));
    }
}
