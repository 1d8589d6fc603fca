package io.github.qwen3retrieval.models.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    private static final long TABLE = 151669L * 64;

    @TempDir Path temp;

    @Test
    void opensAnEmbeddingModel() throws Exception {
        Path folder = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals(ModelKind.EMBEDDING, checkpoint.kind());
            assertEquals("tiny-embedding", checkpoint.modelId());
            assertEquals(1, checkpoint.shards());
            assertEquals(DataType.BF16, checkpoint.dataType());
            Qwen3Config config = checkpoint.config();
            assertEquals(64, config.hiddenSize());
            assertEquals(32, config.headDim());
            assertEquals(1e6, config.ropeTheta());
            assertArrayEquals(
                    new long[] {128, 64},
                    checkpoint.tensor("layers.1.self_attn.q_proj.weight").shape());
            assertFalse(checkpoint.has("lm_head.weight"));
        }
    }

    @Test
    void tiedRerankerReadsItsHeadFromTheEmbeddingTable() throws Exception {
        try (Checkpoint checkpoint =
                Checkpoint.open(TinyCheckpoint.write(temp, ModelKind.RERANKER))) {
            assertEquals(ModelKind.RERANKER, checkpoint.kind());
            assertEquals(checkpoint.embeddings(), checkpoint.head());
        }
    }

    @Test
    void untiedRerankerHasItsOwnHead() throws Exception {
        Path folder =
                TinyCheckpoint.write(temp, ModelKind.RERANKER, DataType.F32, Long.MAX_VALUE, false);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertEquals("lm_head.weight", checkpoint.head().name());
            ByteBuffer head = checkpoint.head().row(7);
            ByteBuffer table = checkpoint.embeddings().row(7);
            assertEquals(64 * Float.BYTES, head.remaining());
            assertTrue(head.compareTo(table) != 0);
        }
    }

    @Test
    void shardsHoldTheSameNumbersAsOneFile() throws Exception {
        Path one =
                TinyCheckpoint.write(
                        Files.createDirectory(temp.resolve("one")), ModelKind.EMBEDDING);
        Path many = TinyCheckpoint.write(temp, ModelKind.EMBEDDING, DataType.BF16, 16_000, true);
        try (Checkpoint whole = Checkpoint.open(one);
                Checkpoint sharded = Checkpoint.open(many)) {
            assertTrue(sharded.shards() > 2, "shards: " + sharded.shards());
            assertEquals(whole.weightBytes(), sharded.weightBytes());
            for (String name : TensorNames.of(whole.config(), false).keySet()) {
                assertEquals(whole.tensor(name).bytes(), sharded.tensor(name).bytes(), name);
            }
        }
    }

    @Test
    void rowsAreTheSlicesOfTheWhole() throws Exception {
        try (Checkpoint checkpoint =
                Checkpoint.open(TinyCheckpoint.write(temp, ModelKind.EMBEDDING))) {
            StoredTensor table = checkpoint.embeddings();
            assertEquals(TABLE, table.elements());
            assertEquals(2 * TABLE, table.byteSize());
            ByteBuffer row = table.row(151668);
            assertEquals(128, row.remaining());
            assertEquals(table.bytes().getShort(151668 * 128 + 6), row.getShort(6));
            assertThrows(IndexOutOfBoundsException.class, () -> table.row(151669));
            assertThrows(IndexOutOfBoundsException.class, () -> table.row(-1));
        }
    }

    @Test
    void aClosedCheckpointGivesNoTensors() throws Exception {
        Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.write(temp, ModelKind.EMBEDDING));
        checkpoint.close();
        assertThrows(IllegalStateException.class, checkpoint::embeddings);
    }
}
