package io.github.qwen3retrieval.models.evaluate;

import java.util.List;

/**
 * Where a node is to search.
 *
 * @param index to search
 * @param create whether to make it of the corpus
 * @param analyzer of its texts where it is made
 * @param textFields what BM25 searches and the reranker reads
 * @param vectorFields empty for all there are
 * @param dimensions of vectors; empty for all there are, or for the model's where the index is made
 * @param types how Elasticsearch indexes vectors; empty for all there are, or for {@code flat} and
 *     {@code hnsw} where the index is made
 * @param numCandidates of kNN on each shard
 * @param reload whether models are opened anew before each row, which empties the node's caches
 */
public record NodeOptions(
        String index,
        boolean create,
        String analyzer,
        List<String> textFields,
        List<String> vectorFields,
        List<Integer> dimensions,
        List<String> types,
        int numCandidates,
        boolean reload) {

    /** Checks what is wrong whatever the node. */
    public NodeOptions {
        if (index == null || index.isBlank()) {
            throw new IllegalArgumentException(
                    "[--index] is needed with [--node]: name an index, with [--create] one to make");
        }
        if (create && (textFields.size() > 1 || vectorFields.isEmpty() == false)) {
            throw new IllegalArgumentException(
                    "[--create] makes an index of one [--text-field] and names its fields of"
                            + " vectors itself: leave out [--vector-field]");
        }
        Plan.check("--num-candidates", numCandidates, 1);
        types = types.stream().map(type -> type.equals("exact") ? VectorField.FLAT : type).toList();
    }
}
