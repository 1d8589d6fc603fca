package io.github.qwen3retrieval.models.rows;

import jdk.incubator.vector.FloatVector;

/** Puts products of the parts of rows together, or adds them to what is there. */
public final class PartSum {

    private final int count;
    private final float[] part;
    private final float[] sum;

    /** For rows of so many numbers, and as many parts of each. */
    public PartSum(int length, int count) {
        this.count = count;
        part = new float[length];
        sum = new float[length];
    }

    /**
     * Adds the parts up, in their order.
     *
     * @param products [parts · rows, length]
     * @param rows of the result
     * @param onto [more rows, length]
     * @param first row of it that is written
     * @param add whether to add to these rows instead of writing them anew
     */
    public void run(Rows products, int rows, Rows onto, int first, boolean add) {
        for (int i = 0; i < rows; i++) {
            products.get(i, sum);
            for (int p = 1; p < count; p++) {
                products.get(p * rows + i, part);
                addPart();
            }
            if (add) {
                onto.get(first + i, part);
                addPart();
            }
            onto.put(first + i, sum);
        }
    }

    private void addPart() {
        int whole = Lanes.whole(sum.length);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, sum, i)
                    .add(FloatVector.fromArray(Lanes.FLOATS, part, i))
                    .intoArray(sum, i);
        }
        for (int i = whole; i < sum.length; i++) {
            sum[i] += part[i];
        }
    }
}
