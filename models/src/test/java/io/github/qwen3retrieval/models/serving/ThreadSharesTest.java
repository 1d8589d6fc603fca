package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ThreadSharesTest {

    private final ThreadShares shares = new ThreadShares(8);

    @Test
    void aLonePassMayTakeAllThreads() {
        shares.resume();
        assertEquals(8, shares.share());
    }

    @Test
    void passesShareEvenlyAndNeverTakeMoreThanThereAre() {
        for (int expected : new int[] {8, 4, 2, 2, 1, 1, 1, 1, 1}) {
            shares.resume();
            assertEquals(expected, shares.share());
        }
    }

    @Test
    void aThreadThatWaitsForAnotherLendsItself() {
        shares.resume();
        shares.resume();
        shares.pause();
        assertEquals(8, shares.share());
        shares.resume();
        assertEquals(4, shares.share());
    }
}
