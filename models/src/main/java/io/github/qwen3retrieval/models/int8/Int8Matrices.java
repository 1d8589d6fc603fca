package io.github.qwen3retrieval.models.int8;

/** The matrices of a network as 8-bit integers, one at a time. */
public interface Int8Matrices {

    /** A matrix of a layer; valid until the next one is asked for. */
    Int8Matrix get(int layer, Projection projection);
}
