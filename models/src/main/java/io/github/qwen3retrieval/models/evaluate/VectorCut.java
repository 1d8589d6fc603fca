package io.github.qwen3retrieval.models.evaluate;

/** Matryoshka vectors: the beginning of a longer one is a vector, too. */
final class VectorCut {

    private VectorCut() {}

    /**
     * The first numbers, normalised: what the model gives for so many dimensions.
     *
     * @param vector float[at least dimensions], not 0 in all of these
     */
    static float[] of(float[] vector, int dimensions) {
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            squares += (double) vector[i] * vector[i];
        }
        double norm = Math.sqrt(squares);
        float[] cut = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            cut[i] = (float) (vector[i] / norm);
        }
        return cut;
    }
}
