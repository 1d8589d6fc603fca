package io.github.qwen3retrieval.models.network;

import java.util.Arrays;

/**
 * Shares rows out to lanes, which are done by as many threads as there are: each has some rows that
 * follow one another.
 *
 * @param interruption of the pass, which has the threads
 * @param count of the lanes at most
 */
record RowLanes(Interruption interruption, int count) {

    /** One lane, on the pass's own thread. */
    static final RowLanes ONE = new RowLanes(Interruption.NONE, 1);

    /** Rows that are not worth another thread. */
    private static final int FEW = 24;

    /** What is done with some rows. */
    @FunctionalInterface
    interface Step {

        /**
         * @param lane no two threads are in the same at once
         * @param first of the rows
         * @param worth of one in each of the rows, which may be changed
         */
        void run(int lane, int first, float[] worth);
    }

    /** Lanes that are of use at present: one, or all. */
    int now() {
        return interruption.threads() == 1 ? 1 : count;
    }

    /**
     * Does a step for all rows.
     *
     * @param worth of one in each row, as the step leaves it
     */
    void share(float[] worth, Step step) {
        int rows = worth.length;
        int lanes = rows < FEW ? 1 : now();
        interruption.share(
                lanes,
                lane -> {
                    int from = rows * lane / lanes;
                    int to = rows * (lane + 1) / lanes;
                    float[] some = Arrays.copyOfRange(worth, from, to);
                    step.run(lane, from, some);
                    System.arraycopy(some, 0, worth, from, some.length);
                });
    }
}
