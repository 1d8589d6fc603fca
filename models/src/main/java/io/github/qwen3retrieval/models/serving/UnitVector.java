package io.github.qwen3retrieval.models.serving;

/** A hidden state cut to the wanted dimensions and then brought to length 1 (L2). */
public final class UnitVector {

    /** Below this length a vector is left as it is, as torch's {@code normalize} does. */
    private static final double EPSILON = 1e-12;

    private UnitVector() {}

    /** The vector, or null if it has a number that is not finite. */
    public static float[] of(float[] hidden, int dimensions) {
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            squares += (double) hidden[i] * hidden[i];
        }
        if (Double.isFinite(squares) == false) {
            return null;
        }
        double norm = Math.max(Math.sqrt(squares), EPSILON);
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (hidden[i] / norm);
        }
        return vector;
    }
}
