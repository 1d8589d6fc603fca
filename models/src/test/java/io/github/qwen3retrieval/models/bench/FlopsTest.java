package io.github.qwen3retrieval.models.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import org.junit.jupiter.api.Test;

class FlopsTest {

    // hidden size 4, two layers, 2 query heads and 1 key-value head of 3, feed-forward size 5
    private final Flops flops =
            new Flops(new Qwen3Config(4, 2, 2, 1, 3, 5, 100, 64, 1e-6, 1e6, true));

    @Test
    void oneTokenGoesThroughEveryMatrixAndReadsItself() {
        // q 4×6, k and v 4×3 each, o 6×4, three of 4×5; two layers, two operations for each number
        double layer = 24 + 12 + 12 + 24 + 60;
        double attended = 2 * 2 * 6;
        assertEquals(2 * (2 * layer + attended), flops.sequences(1, 1, 0));
        assertEquals(2 * (2 * layer + attended), flops.prefix(1));
    }

    @Test
    void theLastLayerIsForTheLastTokenButForKeysAndValues() {
        double oneLess = flops.prefix(3) - 2 * 2 * (24 + 24 + 60) - 2 * 2 * 6 * 3;
        assertEquals(oneLess, flops.sequences(1, 3, 0));
    }

    @Test
    void aPrefixCostsWhatItIsLookedAt() {
        // two tokens look at five before them in the first layer, one does in the last
        assertEquals(flops.sequences(1, 2, 0) + 2 * 2 * 6 * (2 * 5 + 5), flops.sequences(1, 2, 5));
        assertEquals(7 * flops.sequences(1, 2, 5), flops.sequences(7, 2, 5));
    }
}
