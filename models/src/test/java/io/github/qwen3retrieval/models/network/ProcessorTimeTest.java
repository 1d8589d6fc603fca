package io.github.qwen3retrieval.models.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProcessorTimeTest {

    @Test
    void itStandsStillWhileTheThreadDoesNothing() throws InterruptedException {
        long began = ProcessorTime.nanos();
        Thread.sleep(300);
        long slept = ProcessorTime.nanos() - began;
        assertTrue(slept < 100_000_000, () -> slept + " ns");
    }

    @Test
    void itGoesOnWhileTheThreadWorks() {
        long began = ProcessorTime.nanos();
        long end = System.nanoTime() + 2_000_000_000;
        while (ProcessorTime.nanos() - began < 1_000_000) {
            assertTrue(System.nanoTime() < end, "no millisecond of work in two seconds");
        }
    }
}
