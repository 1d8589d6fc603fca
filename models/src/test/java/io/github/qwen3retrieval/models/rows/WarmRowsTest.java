package io.github.qwen3retrieval.models.rows;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WarmRowsTest {

    @ParameterizedTest
    @EnumSource(WarmRows.Kind.class)
    void goesThroughEveryLoopOnce(WarmRows.Kind kind) {
        new WarmRows(kind).run();
        long started = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            new WarmRows(kind).run();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        assertTrue(seconds < 1, "twenty times more took " + seconds + " s");
    }
}
