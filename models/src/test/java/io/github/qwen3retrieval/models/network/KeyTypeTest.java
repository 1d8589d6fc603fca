package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.int8.Instructions;
import io.github.qwen3retrieval.models.natives.Natives;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * int8 is near to float32 in both types that its attention may compute in, with a prefix and
 * without, whichever this machine would take.
 */
class KeyTypeTest {

    private static final double CLOSE = 0.99;

    @TempDir Path folder;

    @Test
    void bothTypesAreNearToFloat32() throws Exception {
        PyTorch.start(Natives.fromSystemProperty());
        PyTorch.enter();
        TinyCheckpoint.write(folder, ModelKind.EMBEDDING);
        LiveArrays live = new LiveArrays();
        boolean instructions = Instructions.present();
        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("tiny-embedding"))) {
            for (boolean prefixed : new boolean[] {false, true}) {
                Arithmetic exact = Arithmetic.of(checkpoint, Precision.FLOAT32, Device.cpu(), 1);
                float[][] expected = hidden(checkpoint, exact, prefixed, live);
                for (KeyType type : KeyType.values()) {
                    Arithmetic int8 =
                            new Int8Arithmetic(
                                    checkpoint,
                                    Device.cpu(),
                                    type,
                                    new Splitting(checkpoint.config(), 1));
                    if (instructions) {
                        close(type, expected, hidden(checkpoint, int8, prefixed, live));
                    } else {
                        assertThrows(
                                ModelException.class,
                                () -> hidden(checkpoint, int8, prefixed, live));
                    }
                }
            }
        }
        assertEquals(0, live.count());
    }

    private static void close(KeyType type, float[][] expected, float[][] actual) {
        for (int i = 0; i < expected.length; i++) {
            double cosine = cosine(expected[i], actual[i]);
            assertTrue(cosine > CLOSE, type + ", text " + i + ": " + cosine);
        }
    }

    /** Last hidden states of texts of 1 to 40 tokens. */
    private static float[][] hidden(
            Checkpoint checkpoint, Arithmetic arithmetic, boolean prefixed, LiveArrays live) {
        List<int[]> texts =
                IntStream.of(1, 40, 7)
                        .mapToObj(n -> IntStream.range(0, n).map(i -> 31 * i % 251).toArray())
                        .toList();
        int[] shared = {9, 8, 7, 6, 5};
        try (Network network =
                        new Network(checkpoint, arithmetic, Device.cpu(), live, Runnable::run);
                Prefix prefix = prefixed ? network.prefix(null, shared, Interruption.NONE) : null) {
            return prefixed
                    ? network.logits(texts, prefix, words(), Interruption.NONE)
                    : network.lastHidden(texts, null, Interruption.NONE);
        }
    }

    private static int[] words() {
        return IntStream.range(0, 200).toArray();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(squaresA * squaresB);
    }
}
