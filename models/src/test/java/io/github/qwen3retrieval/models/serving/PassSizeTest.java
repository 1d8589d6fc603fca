package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassSizeTest {

    private static final int FEWEST = 64;

    private static List<Integer> starts(int most, int threads, int... lengths) {
        return new PassSize(most, threads).starts(lengths, FEWEST);
    }

    private static int[] equal(int count, int length) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, length);
        return lengths;
    }

    @Test
    void oneThreadTakesAsMuchAsItMay() {
        assertEquals(List.of(0, 2, 4), starts(256, 1, equal(5, 115)));
    }

    @Test
    void twoThreadsEndTogether() {
        // in pairs alone it would be 3 of them for one thread and 2 for the other
        assertEquals(List.of(0, 2, 4, 6, 8, 9), starts(256, 2, equal(10, 115)));
    }

    @Test
    void fewTextsKeepManyThreadsBusy() {
        assertEquals(List.of(0, 1, 2, 3), starts(256, 16, equal(4, 115)));
    }

    @Test
    void passesThatWouldBeTooShortStayTogether() {
        assertEquals(List.of(0, 6), starts(256, 16, equal(10, 10)));
        assertEquals(List.of(0), starts(32, 16, equal(3, 10)), "of passes that are shorter still");
    }

    @Test
    void aLongTextIsAPassOfItsOwn() {
        assertEquals(List.of(0, 1, 2), starts(256, 2, 10, 900, 10));
    }

    @Test
    void aGpuTakesAllInOnePass() {
        int[] lengths = equal(50, 115);
        assertEquals(List.of(0), new PassSize(8_192, 16).starts(lengths, Integer.MAX_VALUE));
    }

    @Test
    void thereIsNoPassOfNothing() {
        assertEquals(List.of(), starts(256, 2));
    }
}
