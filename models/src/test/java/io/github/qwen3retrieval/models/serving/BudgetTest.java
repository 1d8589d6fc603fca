package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.natives.Natives;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The budget is charged what is allocated, and never what is mapped from the checkpoint. */
class BudgetTest {

    @TempDir Path temp;

    /** What is charged for an open model on which nothing runs. */
    private long charged(DataType stored) throws Exception {
        Path folder = Files.createDirectory(temp.resolve(stored.name()));
        Path shape = Files.writeString(temp.resolve("shape.json"), TinyCheckpoint.SHAPE);
        new RandomCheckpoint(
                        RandomShape.of(shape.toString()),
                        ModelKind.EMBEDDING,
                        stored,
                        1,
                        Long.MAX_VALUE)
                .write(folder.resolve("m"));
        CountingBudget memory = new CountingBudget();
        ModelsOptions options = ModelsOptions.of(Natives.fromSystemProperty(), folder);
        try (Models models = new Models(options, memory)) {
            models.open("m");
            long weights = memory.reserved();
            get(models.embed(documents("glaciers move")));
            SmallModels.await("the batch is given back", () -> memory.reserved() == weights);
            return weights;
        }
    }

    @Test
    void weightsThatStayInTheMappedFileAreNotCharged() throws Exception {
        assertEquals(0, charged(DataType.F32));
        assertTrue(charged(DataType.F16) > 0, "converted weights are memory");
    }
}
