package io.github.qwen3retrieval.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sha256 of a checkpoint is the one that the README's command prints. */
class CheckpointDigestTest {

    @TempDir Path temp;

    @Test
    void isWhatCoreutilsPrint() throws Exception {
        Path single = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        assertEquals(coreutils(single), CheckpointDigest.of(single, () -> true));
        Path sharded = TinyCheckpoint.write(temp, ModelKind.RERANKER, DataType.BF16, 8 << 20, true);
        assertEquals(coreutils(sharded), CheckpointDigest.of(sharded, () -> true));
        assertNotEquals(coreutils(single), coreutils(sharded));
    }

    @Test
    void tellsOneByteFromAnother() throws IOException {
        Path folder = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        String before = CheckpointDigest.of(folder, () -> true);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.seek(file.length() - 1);
            int last = file.read();
            file.seek(file.length() - 1);
            file.write(last ^ 1);
        }
        assertNotEquals(before, CheckpointDigest.of(folder, () -> true));
    }

    @Test
    void endsWhenItIsNotWanted() throws IOException {
        Path folder = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        assertThrows(CancellationException.class, () -> CheckpointDigest.of(folder, () -> false));
        Files.delete(folder.resolve("tokenizer.json"));
        assertThrows(ModelException.class, () -> CheckpointDigest.of(folder, () -> true));
    }

    private static String coreutils(Path folder) throws Exception {
        String command = "sha256sum config.json tokenizer.json *.safetensors | sha256sum";
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command).directory(folder.toFile());
        shell.environment().put("LC_ALL", "C");
        Process process = shell.start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return printed.substring(0, 64);
    }
}
