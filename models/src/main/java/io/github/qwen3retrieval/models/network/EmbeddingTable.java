package io.github.qwen3retrieval.models.network;

import io.github.qwen3retrieval.models.checkpoint.StoredTensor;

/**
 * Rows of a matrix that stays in the mapped file: the embeddings of the tokens of a text, the
 * output rows of a few words. Of a vocabulary's 151,669 rows a text needs a few hundred, so the
 * matrix is never given to libtorch; in float32 that alone saves 0.6 GB for the smallest model.
 */
final class EmbeddingTable {

    private final StoredTensor matrix;
    private final int width;

    /** Rows of the given matrix [rows, width]. */
    EmbeddingTable(StoredTensor matrix) {
        this.matrix = matrix;
        this.width = matrix.rowBytes() / matrix.type().bytes();
    }

    /** Writes the row as float32 into {@code target} from {@code offset} on. */
    void row(int index, float[] target, int offset) {
        matrix.floats(index, 0, width, target, offset);
    }
}
