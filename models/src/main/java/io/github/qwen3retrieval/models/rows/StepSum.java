package io.github.qwen3retrieval.models.rows;

import jdk.incubator.vector.FloatVector;

/** Adds products that are counted in steps to the residual stream. */
public final class StepSum {

    private final float[] steps;
    private final float[] sum;

    /** For rows of so many numbers. */
    public StepSum(int length) {
        steps = new float[length];
        sum = new float[length];
    }

    /**
     * Adds rows.
     *
     * @param product [rows, length] in steps
     * @param worth [rows] of a step
     * @param stream [more rows, length] to be added to
     * @param first row of the stream that is added to
     */
    public void run(Rows product, float[] worth, Rows stream, int first) {
        int whole = Lanes.whole(sum.length);
        for (int i = 0; i < worth.length; i++) {
            product.get(i, steps);
            stream.get(first + i, sum);
            for (int j = 0; j < whole; j += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, steps, j)
                        .mul(worth[i])
                        .add(FloatVector.fromArray(Lanes.FLOATS, sum, j))
                        .intoArray(sum, j);
            }
            for (int j = whole; j < sum.length; j++) {
                sum[j] += steps[j] * worth[i];
            }
            stream.put(first + i, sum);
        }
    }
}
