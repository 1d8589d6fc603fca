package io.github.qwen3retrieval.models.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class NicenessTest {

    @Test
    void aThreadStepsBackAloneAndForGood() throws Exception {
        int before = niceness();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            assertEquals(before, thread.submit(NicenessTest::niceness).get());
            assertEquals(Optional.empty(), thread.submit(() -> Niceness.addToThisThread(2)).get());
            assertEquals(atMost19(before + 2), thread.submit(NicenessTest::niceness).get());
            assertEquals(Optional.empty(), thread.submit(() -> Niceness.addToThisThread(19)).get());
            assertEquals(atMost19(before + 21), thread.submit(NicenessTest::niceness).get());
        }
        assertEquals(before, niceness());
    }

    private static int atMost19(int niceness) {
        return Math.min(19, niceness);
    }

    /** Of the calling thread, as the kernel has it: the 19th number of its stat, see proc(5). */
    private static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        // the second one is the thread's name in brackets, which may hold spaces
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }
}
