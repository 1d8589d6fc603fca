package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankScore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The longest texts the models were made for go through; parity at 8,192 is in ParityTest. */
class LongInputTest {

    private static final int LONGEST = 32_768;

    private static final String TEXT = "a glacier moves ".repeat(12_000);

    @TempDir(factory = InTarget.class)
    Path folder;

    @Test
    void embedsTheLongestText() throws Exception {
        ParityCase.named("embedding-long").write(folder);
        try (CheckpointModels models = new CheckpointModels(folder)) {
            Embedding embedding = models.embed("embedding-long", List.of(TEXT)).get(0);
            assertEquals(LONGEST, embedding.tokens());
            assertTrue(embedding.truncated());
            double squares = 0;
            for (float number : embedding.vector()) {
                squares += (double) number * number;
            }
            assertEquals(1, squares, 1e-5);
        }
    }

    @Test
    void scoresTheLongestPrompt() throws Exception {
        ParityCase.named("reranker-long").write(folder);
        try (CheckpointModels models = new CheckpointModels(folder)) {
            RerankScore score = models.rerank("reranker-long", "glaciers", List.of(TEXT)).get(0);
            assertEquals(LONGEST, score.tokens());
            assertTrue(score.truncated());
            assertTrue(score.probability() > 0 && score.probability() < 1, score.toString());
        }
    }
}
