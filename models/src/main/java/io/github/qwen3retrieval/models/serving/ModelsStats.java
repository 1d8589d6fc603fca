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
 */
public record ModelsStats(
        Passes search,
        Passes ingest,
        long queueTokens,
        long rejected,
        long failed,
        long cancelled,
        long timedOut) {

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
