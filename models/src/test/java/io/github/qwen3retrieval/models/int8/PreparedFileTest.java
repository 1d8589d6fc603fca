package io.github.qwen3retrieval.models.int8;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepared weights are kept, used while they fit, and made anew when they do not. */
class PreparedFileTest {

    @TempDir Path temp;

    private Path folder;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        folder = checkpoint("m", 1);
        file = folder.resolve(PreparedFile.NAME);
    }

    private Path checkpoint(String name, int seed) throws IOException {
        Path shape = Files.writeString(temp.resolve("shape.json"), TinyCheckpoint.SHAPE);
        Path written = temp.resolve(name);
        RandomShape tiny = RandomShape.of(shape.toString());
        new RandomCheckpoint(tiny, ModelKind.EMBEDDING, DataType.BF16, seed, Long.MAX_VALUE)
                .write(written);
        return written;
    }

    /** All that a folder's preparation gives, as bytes. */
    private static byte[] open(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return bytes(PreparedWeights.of(checkpoint));
        }
    }

    private static byte[] computed(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return bytes(new Preparation(checkpoint));
        }
    }

    private static byte[] bytes(Int8Matrices matrices) {
        StringBuilder all = new StringBuilder();
        for (int layer = 0; layer < 2; layer++) {
            for (Projection projection : Projection.values()) {
                Int8Matrix matrix = matrices.get(layer, projection);
                byte[] numbers = new byte[matrix.rows() * matrix.columns()];
                matrix.numbers().duplicate().get(numbers);
                float[] scales = new float[matrix.rows()];
                matrix.scales().duplicate().get(scales);
                all.append(Arrays.toString(numbers)).append(Arrays.toString(scales));
            }
        }
        return all.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Tells one file from another that has taken its name. */
    private Object identity() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Test
    void theSecondOpeningUsesWhatTheFirstHasKept() throws Exception {
        byte[] first = open(folder);
        Object kept = identity();
        assertArrayEquals(computed(folder), first);
        assertArrayEquals(first, open(folder));
        assertEquals(kept, identity());
    }

    @Test
    void theCheckpointStaysWhatItWas() throws Exception {
        String digest = CheckpointDigest.of(folder, () -> true);
        List<String> before = names();
        open(folder);
        assertEquals(digest, CheckpointDigest.of(folder, () -> true));
        List<String> after = names();
        assertTrue(after.remove(PreparedFile.NAME));
        assertEquals(before, after, "nothing else is left in the folder");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new java.util.ArrayList<>(
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void whatWasMadeOfAnotherCheckpointIsMadeAnew() throws Exception {
        byte[] old = open(folder);
        Path other = checkpoint("other", 2);
        Files.move(
                other.resolve("model.safetensors"),
                folder.resolve("model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        byte[] now = open(folder);
        assertFalse(Arrays.equals(old, now));
        assertArrayEquals(computed(folder), now);
        Object kept = identity();
        assertArrayEquals(now, open(folder));
        assertEquals(kept, identity());
    }

    @Test
    void aCopiedFolderIsKnownByItsBytes() throws Exception {
        byte[] first = open(folder);
        Object kept = identity();
        Files.setLastModifiedTime(
                folder.resolve("model.safetensors"), FileTime.from(Instant.now().minusSeconds(99)));
        assertArrayEquals(first, open(folder));
        assertEquals(kept, identity());
    }

    @Test
    void aTruncatedFileIsMadeAnew() throws Exception {
        byte[] first = open(folder);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertArrayEquals(first, open(folder), "cut to " + length);
            assertArrayEquals(whole, Files.readAllBytes(file), "cut to " + length);
        }
    }

    @Test
    void aDamagedFileIsMadeAnew() throws Exception {
        byte[] first = open(folder);
        byte[] whole = Files.readAllBytes(file);
        for (int place : new int[] {3, 20, whole.length / 3, whole.length - 5, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 4;
            Files.write(file, damaged);
            assertArrayEquals(first, open(folder), "damaged at " + place);
            assertArrayEquals(whole, Files.readAllBytes(file), "damaged at " + place);
        }
    }

    @Test
    void anotherVersionIsMadeAnew() throws Exception {
        byte[] first = open(folder);
        byte[] whole = Files.readAllBytes(file);
        String header = new String(whole, 0, 400, java.nio.charset.StandardCharsets.ISO_8859_1);
        int version = header.indexOf("\"version\":\"1\"") + "\"version\":\"".length();
        whole[version] = '0';
        Files.write(file, whole);
        assertArrayEquals(first, open(folder));
        whole[version] = '1';
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void whereNothingCanBeWrittenTheModelIsPreparedEachTime() throws Exception {
        // stands in the way of the file whoever runs the test; root may write into any folder
        Files.createDirectories(file.resolve("in the way"));
        List<String> before = names();
        assertArrayEquals(computed(folder), open(folder));
        assertEquals(before, names());
        assertNotEquals(0, open(folder).length);
    }
}
