package io.github.qwen3retrieval.models.network;

import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.Rows;

/**
 * The products of a pass with the matrices of layers, in one arithmetic, and what readies rows for
 * them. What it gives is the caller's to close. For one thread.
 */
interface Products {

    /** The matrices of all layers. Any number of threads may multiply by them. */
    interface Matrices extends AutoCloseable {

        /**
         * The products of a pass.
         *
         * @param interruption says what threads they may be computed by
         */
        Products products(Interruption interruption);

        /** Gain of the final norm [H], in float32. */
        Value finalGain();

        @Override
        void close();
    }

    /**
     * The norm of rows of the residual stream.
     *
     * @param stream [more rows, H] in float32
     * @param first of the rows
     * @param count how many
     * @param gain [H]
     */
    ScaledRows norm(Rows stream, int first, int count, float[] gain);

    /** Rows of what attention gives [more rows, N · D]. */
    ScaledRows plain(Rows attended, int first, int count);

    /** The gated rows [count, F] of a product with gate and up projections. */
    ScaledRows gate(ScaledRows gateAndUp);

    /** The product of rows with a matrix. */
    ScaledRows multiply(ScaledRows rows, int layer, Projection matrix);

    /** The rows of a product. */
    Rows rows(ScaledRows product, Projection matrix);

    /**
     * Adds the product of rows with a matrix to the residual stream.
     *
     * @param stream [more rows, H] in float32
     * @param first row that is added to
     */
    void add(ScaledRows rows, int layer, Projection matrix, SharedTensor stream, int first);
}
