package io.github.qwen3retrieval.models.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The largest difference of many numbers from what was expected, and where it was. */
final class Difference {

    private final String what;
    private final double limit;
    private double max;
    private String where = "nowhere";
    private long count;

    Difference(String what, double limit) {
        this.what = what;
        this.limit = limit;
    }

    void add(double expected, double actual, String place) {
        double difference = Math.abs(expected - actual);
        count++;
        if ((difference <= max) == false) {
            max = difference;
            where = place + ", expected [" + expected + "], got [" + actual + "]";
        }
    }

    void add(float[] expected, float[] actual, String place) {
        assertEquals(expected.length, actual.length, "dimensions of " + place);
        for (int i = 0; i < expected.length; i++) {
            add(expected[i], actual[i], place + " number " + i);
        }
    }

    /** Prints the largest difference; fails if it passes the limit or nothing was compared. */
    void check() {
        String line =
                "parity: "
                        + what
                        + ": max |difference| ["
                        + max
                        + "] of ["
                        + count
                        + "] numbers, limit ["
                        + limit
                        + "], at "
                        + where;
        System.out.println(line);
        assertTrue(count > 0, line);
        assertTrue(max <= limit, line);
    }
}
