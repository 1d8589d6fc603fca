package io.github.qwen3retrieval.models.evaluate;

/**
 * A field of vectors.
 *
 * @param name in the index
 * @param dimensions length of its vectors
 * @param type how Elasticsearch indexes it: {@code flat}, {@code hnsw}, {@code int8_hnsw}…
 */
public record VectorField(String name, int dimensions, String type) {

    /** Type of a field whose every vector is compared with the query, unrounded. */
    public static final String FLAT = "flat";

    /** Whether it finds the nearest neighbours for certain. */
    public boolean exact() {
        return type.equals(FLAT);
    }

    /** As tables call it. */
    public String label() {
        return (exact() ? "exact" : type) + " " + dimensions;
    }
}
