package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.Natives;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written to under an open model end its answers, not the process. */
class ChangedFilesTest {

    @TempDir Path temp;

    private final CountingBudget memory = new CountingBudget();

    /** Asks until the change is seen; what comes before that is no concern here. */
    private static String refusal(Models models) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end) {
            try {
                List<Embedding> answer = get(models.embed(documents("glaciers move")));
                assertEquals(1, answer.size());
                Thread.sleep(50);
            } catch (ExecutionException e) {
                return assertInstanceOf(ModelException.class, e.getCause()).getMessage();
            }
        }
        throw new AssertionError("the change was not seen within a minute");
    }

    @Test
    void aFileThatIsWrittenToIsSeen() throws Exception {
        Path model = SmallModels.write(temp, "m", ModelKind.EMBEDDING, 1);
        try (Models models =
                new Models(ModelsOptions.of(Natives.fromSystemProperty(), temp), memory)) {
            get(models.embed(documents("a")));
            try (RandomAccessFile file =
                    new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
                file.seek(file.length() - 1);
                file.write(0);
            }
            String message = refusal(models);
            assertTrue(
                    message.startsWith(
                            "file [model.safetensors] of model [m] was changed in place"),
                    message);
            assertTrue(message.contains("reload the model"), message);
            assertEquals(message, models.status("m").error());
            get(models.reload("m"));
            assertEquals(1, get(models.embed(documents("a"))).size());
        }
        assertEquals(0, memory.reserved());
    }

    @Test
    void aFileThatIsCutOffUnderItsMappingEndsNoProcess() throws Exception {
        Path model = SmallModels.write(temp, "m", ModelKind.EMBEDDING, 1);
        byte[] whole = Files.readAllBytes(model.resolve("model.safetensors"));
        try (Models models =
                new Models(ModelsOptions.of(Natives.fromSystemProperty(), temp), memory)) {
            get(models.embed(documents("a")));
            try (RandomAccessFile file =
                    new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
                file.setLength(100);
            }
            refusal(models);
            Files.write(model.resolve("model.safetensors"), whole);
            get(models.reload("m"));
            assertEquals(1, get(models.embed(documents("a"))).size());
        }
        assertEquals(0, memory.reserved());
    }
}
