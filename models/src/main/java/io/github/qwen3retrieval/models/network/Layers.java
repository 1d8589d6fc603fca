package io.github.qwen3retrieval.models.network;

import java.util.function.IntFunction;

/**
 * The layers of a network and their weights, in one arithmetic. Its owner closes it when no pass
 * runs.
 */
interface Layers extends AutoCloseable {

    /** A tensor on the device and of the type of the residual stream. */
    Value likeStream();

    /** A tensor on the device and of the type of keys and values. */
    Value likeKeys();

    /**
     * Begins a pass.
     *
     * @param rows embedded tokens [T, H], which the stream closes
     * @param batch what every layer needs, kept by the caller until the stream is closed
     * @param interruption says what threads layers may be computed by
     */
    Stream begin(Value rows, Batch batch, Interruption interruption);

    @Override
    void close();

    /**
     * The tokens of a pass.
     *
     * @param lengths tokens of each sequence
     * @param before tokens of the prefix that they continue, 0 where there is none
     * @param lens lengths for the program
     * @param angles cosines and sines of all tokens, two tensors [T, 1, D/2]
     * @param mask for tokens behind a prefix, empty on a CPU, which needs none
     * @param past keys and values of the prefix in a layer, an empty list where there is none
     */
    record Batch(
            long[] lengths,
            int before,
            Value lens,
            Value angles,
            Value mask,
            IntFunction<Value> past) {}

    /** The residual stream of a pass. For one thread. */
    interface Stream extends AutoCloseable {

        /** Runs a layer and returns its keys and values, which the caller closes. */
        Value layer(int index);

        /**
         * Runs the last layer and the final norm for the last token of each sequence: [S, H] in
         * float32, which the caller closes.
         */
        Value lastLayer();

        @Override
        void close();
    }
}
