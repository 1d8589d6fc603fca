package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.await;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static io.github.qwen3retrieval.models.serving.SmallModels.rerank;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.LiveArrays;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.network.Prefix;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What prompts share is computed once, and its memory given back. */
class SharedPrefixTest {

    @TempDir static Path folder;

    private static final PassThread ALONE = () -> {};

    private final CountingBudget memory = new CountingBudget();

    @BeforeAll
    static void writeCheckpoint() throws IOException {
        TinyCheckpoint.write(folder, ModelKind.RERANKER);
    }

    @AfterEach
    void nothingIsKept() {
        assertEquals(0, memory.reserved(), "memory must be given back");
    }

    private Models models() {
        return new Models(
                ModelsOptions.builder(Natives.fromSystemProperty(), folder).threads(2).build(),
                memory);
    }

    private OpenModel open(LiveArrays live) {
        return OpenModel.open(
                folder.resolve("tiny-reranker"),
                new OpenModel.How(
                        Natives.fromSystemProperty(),
                        Precision.AUTO,
                        "cpu",
                        memory,
                        live,
                        Runnable::run,
                        1,
                        1));
    }

    @Test
    void aQueryWhosePassIsBrokenOffGivesItsMemoryBack() {
        OpenModel model = open(new LiveArrays());
        long weights = memory.reserved();
        SharedPrefix prefix =
                new SharedPrefix(null, new int[] {1, 2, 3}, model.network(), memory, 2);
        PassThread end =
                () -> {
                    throw new CancellationException();
                };
        assertThrows(CancellationException.class, () -> prefix.get(end));
        assertEquals(weights, memory.reserved());
        assertEquals(3, prefix.get(ALONE).length());
        assertTrue(memory.reserved() > weights);
        prefix.release();
        prefix.release();
        assertEquals(weights, memory.reserved());
        model.release();
    }

    /** A pass for ingest lets a search through between two layers, on its own thread. */
    @Test
    void whatASearchComputedWhileItWasComputedIsNotKeptTwice() {
        LiveArrays live = new LiveArrays();
        OpenModel model = open(live);
        SharedPrefix prefix =
                new SharedPrefix(null, new int[] {1, 2, 3}, model.network(), memory, 2);
        List<Prefix> given = new ArrayList<>();
        PassThread interrupted =
                () -> {
                    if (given.isEmpty()) {
                        given.add(prefix.get(ALONE));
                    }
                };
        assertSame(prefix.get(interrupted), given.getFirst());
        prefix.release();
        prefix.release();
        model.release();
        assertEquals(0, live.count());
    }

    @Test
    void theSystemTextOfPromptsIsKeptWithTheModel() throws Exception {
        Models models = models();
        models.open("tiny-reranker");
        long kept = memory.reserved() + systemTextBytes(folder.resolve("tiny-reranker"));
        get(models.rerank(rerank("rivers", List.of("a valley"))));
        await("that the query is given back", () -> memory.reserved() == kept);
        RerankResponse behindIt = get(models.rerank(rerank("glaciers", List.of("ice"))));
        await("that no more is kept", () -> memory.reserved() == kept);
        models.close();
        RerankResponse atFirst;
        try (Models fresh = models()) {
            atFirst = get(fresh.rerank(rerank("glaciers", List.of("ice"))));
        }
        assertEquals(atFirst.scores(), behindIt.scores(), "bit by bit");
    }

    private static long systemTextBytes(Path model) {
        try (Qwen3Tokenizer tokenizer = Qwen3Tokenizer.open(model.resolve("tokenizer.json"))) {
            return SmallModels.prefixBytes(model, RerankPrompt.template(tokenizer).length);
        }
    }
}
