package io.github.qwen3retrieval.models.serving;

/**
 * Counters of the models of a node since it started.
 *
 * @param search work that searches waited for
 * @param ingest work that indexing waited for
 * @param queueTokens tokens that wait now
 * @param rejected requests refused because too much waited
 * @param failed requests that ended in an error
 * @param cancelled requests that were cancelled before they ended
 * @param timedOut rerank requests whose time ran out before every document was scored
 * @param queryVectors the cache of query vectors
 * @param rerankScores the cache of rerank scores
 * @param nativeArrays values in native memory: weights, and what passes are making; see {@link
 *     io.github.qwen3retrieval.models.network.LiveArrays}
 */
public record ModelsStats(
        Passes search,
        Passes ingest,
        long queueTokens,
        long rejected,
        long failed,
        long cancelled,
        long timedOut,
        Cache queryVectors,
        Cache rerankScores,
        long nativeArrays) {

    /**
     * A cache.
     *
     * @param hits answers that were there, or were being computed already for an equal request
     * @param misses answers that had to be computed
     * @param evictions entries that made room for others
     * @param entries what it holds now
     * @param bytes about what that takes of the heap
     */
    public record Cache(long hits, long misses, long evictions, long entries, long bytes) {

        /** A cache that is off, or was never used. */
        public static final Cache UNUSED = new Cache(0, 0, 0, 0, 0);
    }

    /**
     * Passes over networks.
     *
     * @param requests requests that came in
     * @param texts texts and documents that were computed
     * @param tokens tokens of them
     * @param batches passes
     * @param nanos time in passes, summed over threads
     */
    public record Passes(long requests, long texts, long tokens, long batches, long nanos) {}
}
