package io.github.qwen3retrieval.models.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FreedMemoryTest {

    @Test
    void theSystemsLibraryIsAsked() {
        assertEquals(
                System.getProperty("os.name").equals("Linux"),
                FreedMemory.giveBack(),
                "the tests run on the GNU C library");
    }

    @Test
    void onceInAnInterval() {
        AtomicLong now = new AtomicLong(-5);
        FreedMemory freed = new FreedMemory(Duration.ofNanos(10), now::get);
        now.set(4);
        assertFalse(freed.giveBackNowAndThen());
        now.set(5);
        assertTrue(freed.giveBackNowAndThen());
        assertFalse(freed.giveBackNowAndThen());
        now.set(15);
        assertTrue(freed.giveBackNowAndThen());
    }
}
