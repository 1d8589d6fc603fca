package io.github.qwen3retrieval.models.serving;

import static io.github.qwen3retrieval.models.serving.SmallModels.documents;
import static io.github.qwen3retrieval.models.serving.SmallModels.failure;
import static io.github.qwen3retrieval.models.serving.SmallModels.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.Natives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models are exchanged, removed and damaged while requests go on. */
class ReloadTest {

    @TempDir static Path originals;
    @TempDir Path temp;

    private final CountingBudget memory = new CountingBudget();
    private Path folder;
    private Path model;
    private Models models;

    @BeforeAll
    static void writeCheckpoints() throws IOException {
        SmallModels.write(originals, "first", ModelKind.EMBEDDING, DataType.F16, 1);
        SmallModels.write(originals, "second", ModelKind.EMBEDDING, DataType.F16, 2);
    }

    @BeforeEach
    void open() throws Exception {
        folder = Files.createDirectory(temp.resolve("models"));
        model = SmallModels.link(originals.resolve("first"), folder.resolve("m"));
        models = new Models(ModelsOptions.of(Natives.fromSystemProperty(), folder), memory);
    }

    @AfterEach
    void closeAndCount() {
        models.close();
        assertEquals(0, memory.reserved(), "memory must be given back");
        assertEquals(0, models.stats().nativeArrays(), "arrays must be closed");
    }

    private float[] vector() throws Exception {
        return get(models.embed(documents("glaciers move"))).get(0).vector();
    }

    private void putInPlace(String original) throws IOException {
        Path ready = SmallModels.link(originals.resolve(original), temp.resolve("ready"));
        Files.move(model, temp.resolve("away"));
        Files.move(ready, model);
    }

    @Test
    void noRequestFailsWhileAModelIsExchanged() throws Exception {
        float[] old = vector();
        String oldSha256 = get(models.sha256("m"));
        long oneModel = memory.reserved();
        putInPlace("second");
        List<CompletableFuture<List<Embedding>>> all = new ArrayList<>();
        CompletableFuture<Void> reload = models.reload("m");
        while (reload.isDone() == false) {
            all.add(models.embed(documents("glaciers move", "filler " + all.size())));
            get(all.get(all.size() - 1));
        }
        get(reload);
        float[] fresh = vector();
        assertFalse(Arrays.equals(old, fresh), "the new model answers");
        for (CompletableFuture<List<Embedding>> one : all) {
            float[] vector = get(one).get(0).vector();
            float[] nearer = Math.abs(vector[0] - old[0]) < 1e-4 ? old : fresh;
            assertArrayEquals(nearer, vector, 1e-4f, "each answer is of one of the two");
        }
        assertFalse(all.isEmpty(), "requests went on");
        assertNotEquals(oldSha256, get(models.sha256("m")));
        assertNull(models.status("m").error());
        SmallModels.await("closing the old one", () -> memory.reserved() == oneModel);
    }

    @Test
    void whatHasBegunOnTheOldModelEndsOnIt() throws Exception {
        vector();
        List<CompletableFuture<List<Embedding>>> waiting =
                IntStream.range(0, 60)
                        .mapToObj(i -> models.embed(documents("word ".repeat(800) + i)))
                        .toList();
        putInPlace("second");
        get(models.reload("m"));
        for (CompletableFuture<List<Embedding>> one : waiting) {
            assertEquals(1, get(one).size());
        }
        assertEquals(2, memory.loads());
    }

    @Test
    void reloadsAtOnceAreOne() throws Exception {
        vector();
        List<CompletableFuture<Void>> reloads =
                IntStream.range(0, 20).mapToObj(i -> models.reload("m")).toList();
        reloads.get(0).cancel(false);
        for (CompletableFuture<Void> reload : reloads.subList(1, 20)) {
            get(reload);
        }
        assertTrue(memory.loads() <= 4, "weights were loaded " + memory.loads() + " times");
        vector();
    }

    @Test
    void aBrokenFolderLeavesTheOldModel() throws Exception {
        float[] old = vector();
        putInPlace("second");
        Files.delete(model.resolve("config.json"));
        String message = failure(ModelException.class, models.reload("m")).getMessage();
        assertTrue(message.contains("config.json] is missing"), message);
        assertEquals("open", models.status("m").state());
        assertTrue(models.status("m").error().startsWith("it could not be reloaded: "));
        assertArrayEquals(old, vector(), 1e-5f);
        Files.copy(originals.resolve("second/config.json"), model.resolve("config.json"));
        get(models.reload("m"));
        assertNull(models.status("m").error());
        assertFalse(Arrays.equals(old, vector()));
    }

    @Test
    void whatDoesNotFitBesideTheOldModelLeavesIt() throws Exception {
        float[] old = vector();
        memory.limit(memory.reserved() * 3 / 2);
        putInPlace("second");
        String message = failure(IllegalStateException.class, models.reload("m")).getMessage();
        assertEquals("no memory for qwen3 weights of [m]", message);
        memory.limit(Long.MAX_VALUE);
        assertArrayEquals(old, vector(), 1e-5f);
        assertEquals("open", models.status("m").state());
    }

    @Test
    void aModelOutlivesItsFolder() throws Exception {
        float[] old = vector();
        Files.move(model, temp.resolve("away"));
        assertArrayEquals(old, vector(), 1e-5f);
        ModelStatus status = models.list().get(0);
        assertEquals("m", status.id());
        assertEquals("open", status.state());
        assertTrue(status.error().startsWith("its folder is gone"), status.error());
        failure(ModelException.class, models.reload("m"));
        assertArrayEquals(old, vector(), 1e-5f);
        models.unload("m");
        failure(IllegalArgumentException.class, models.embed(documents("a")));
    }

    @Test
    void aModelIsFoundWhenItIsCopiedWhole() throws Exception {
        Path half = Files.createDirectory(folder.resolve("half"));
        Path whole = originals.resolve("second");
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            failure(ModelException.class, models.reload("half"));
            assertEquals("broken", models.status("half").state());
            byte[] bytes = Files.readAllBytes(whole.resolve(name));
            Files.write(half.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
            failure(ModelException.class, models.reload("half"));
            Files.write(half.resolve(name), bytes);
        }
        get(models.reload("half"));
        assertEquals("open", models.status("half").state());
    }

    @Test
    void aFolderMayBeALink() throws Exception {
        Files.createSymbolicLink(folder.resolve("linked"), originals.resolve("second"));
        models.open("linked");
        assertEquals("open", models.status("linked").state());
        assertEquals(get(models.sha256("linked")), models.status("linked").sha256());
    }

    @Test
    void noNameLeadsOutOfTheFolder() {
        for (String id : List.of("../models/m", "..", ".", "", "/", "m/", "a\0b", "./m", ".m")) {
            failure(IllegalArgumentException.class, models.reload(id));
        }
        failure(IllegalArgumentException.class, models.reload(model.toString()));
    }
}
