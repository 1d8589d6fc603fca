package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.await;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.tokenizer.EmbeddingPrompt;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instructions of queries are computed once, and queries get the vectors of their whole texts. */
class InstructionsTest {

    private static final List<String> QUERIES =
            List.of("rivers", "", " x", ":", "\n北京", "\u0301e", "12", "the ".repeat(90));

    @TempDir Path folder;

    private final CountingBudget memory = new CountingBudget();
    private Models models;

    @BeforeEach
    void open() throws Exception {
        SmallModels.write(folder, "e", ModelKind.EMBEDDING, 1);
        models =
                new Models(
                        ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                                .threads(2)
                                .caches(0, 0)
                                .build(),
                        memory);
        models.open("e");
    }

    @AfterEach
    void nothingIsKept() {
        models.close();
        assertEquals(0, memory.reserved(), "memory must be given back");
        assertEquals(0, models.stats().nativeArrays());
    }

    private List<Embedding> embed(InputType type, String instruction, List<String> texts)
            throws Exception {
        return get(models.embed(request(type, instruction, texts)));
    }

    private static EmbeddingRequest request(
            InputType type, String instruction, List<String> texts) {
        return new EmbeddingRequest(null, type, texts, instruction, null, null);
    }

    @Test
    void aQueryHasTheVectorOfItsWholeText() throws Exception {
        for (String task : List.of(RerankRequest.DEFAULT_INSTRUCTION, "Find code", "任务:")) {
            List<String> whole =
                    QUERIES.stream().map(q -> "Instruct: " + task + "\nQuery:" + q).toList();
            List<Embedding> expected = embed(InputType.DOCUMENT, null, whole);
            for (int round = 0; round < 2; round++) {
                List<Embedding> actual = embed(InputType.QUERY, task, QUERIES);
                for (int i = 0; i < QUERIES.size(); i++) {
                    assertArrayEquals(expected.get(i).vector(), actual.get(i).vector(), 1e-6f);
                    assertEquals(expected.get(i).tokens(), actual.get(i).tokens());
                }
            }
        }
    }

    @Test
    void anInstructionIsReadOnce() throws Exception {
        embed(InputType.QUERY, null, List.of("a"));
        long before = tokens();
        int asked = embed(InputType.QUERY, null, List.of("b")).getFirst().tokens();
        await("counting", () -> tokens() > before);
        assertTrue(tokens() - before < asked / 3, (tokens() - before) + " of " + asked);
    }

    private long tokens() {
        return models.stats().search().tokens();
    }

    @Test
    void oldOnesGiveTheirMemoryBack() throws Exception {
        long weights = memory.reserved();
        long one = instructionBytes();
        embed(InputType.QUERY, "task 1", List.of("a"));
        await("one is kept", () -> memory.reserved() == weights + one);
        for (int i = 2; i < 9; i++) {
            embed(InputType.QUERY, "task " + i, List.of("a"));
        }
        await("four are kept", () -> memory.reserved() == weights + 4 * one);
    }

    /** Of tasks with a digit each, which are of as many tokens. */
    private long instructionBytes() {
        Path model = folder.resolve("e");
        try (Qwen3Tokenizer tokenizer = Qwen3Tokenizer.open(model.resolve("tokenizer.json"))) {
            int[] shared = new EmbeddingPrompt(tokenizer, InputType.QUERY, "task 1", 512).shared();
            return SmallModels.prefixBytes(model, shared.length);
        }
    }

    @Test
    void queriesOfSeveralTasksAtOnceAreNotMixedUp() throws Exception {
        List<CompletableFuture<List<Embedding>>> results = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            results.add(models.embed(request(InputType.QUERY, "task " + i % 6, List.of("q"))));
        }
        for (int i = 0; i < results.size(); i++) {
            String whole = "Instruct: task " + i % 6 + "\nQuery:q";
            Embedding expected = embed(InputType.DOCUMENT, null, List.of(whole)).getFirst();
            assertArrayEquals(
                    expected.vector(), get(results.get(i)).getFirst().vector(), 1e-6f, "at " + i);
        }
    }
}
