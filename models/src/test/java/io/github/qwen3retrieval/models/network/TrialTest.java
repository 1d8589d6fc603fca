package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.GemmProbe.Matrix;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrialTest {

    @Test
    void whatSlowsOneRoundDoesNotDecide() {
        // both of the second round, the first of the third
        DoubleSupplier one = times(1, 50, 90, 1, 1);
        DoubleSupplier other = times(2, 100, 2, 2, 2);
        assertEquals(0.5, Trial.ratio(5, one, other));
    }

    /** A node opens its first model beside much else, and keeps to what it found then. */
    @Test
    void theFasterWayIsFoundOnAMachineThatHasMoreToDoThanItCan() throws InterruptedException {
        PyTorch.start(Natives.fromSystemProperty());
        AtomicBoolean done = new AtomicBoolean();
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        List<Thread> others =
                IntStream.range(0, threads)
                        .mapToObj(i -> Thread.ofPlatform().daemon().start(() -> spin(done)))
                        .toList();
        Matrix matrix = new Matrix(512, 512);
        try (GemmProbe probe = new GemmProbe(Device.cpu(), new LiveArrays(), FloatProduct.LINEAR);
                TimedProduct half = probe.product(NumberType.FLOAT32, matrix, 64);
                TimedProduct whole = probe.product(NumberType.FLOAT32, matrix, 128)) {
            double ratio = Trial.ratio(9, half, whole);
            assertTrue(ratio > 0.35 && ratio < 0.75, () -> "half of the rows took " + ratio);
        } finally {
            done.set(true);
            for (Thread other : others) {
                other.join();
            }
        }
    }

    private static void spin(AtomicBoolean done) {
        while (done.get() == false) {
            Thread.onSpinWait();
        }
    }

    private static DoubleSupplier times(double... seconds) {
        Iterator<Double> next = Arrays.stream(seconds).iterator();
        return next::next;
    }
}
