package io.github.qwen3retrieval.models.int8;

/** The matrices of a network as 8-bit integers. */
public interface Int8Matrices {

    /** A matrix of a layer; valid until the next one is asked for, unless {@link #independent}. */
    Int8Matrix get(int layer, Projection projection);

    /** Whether matrices stay valid, and several threads may ask at once. */
    default boolean independent() {
        return true;
    }
}
