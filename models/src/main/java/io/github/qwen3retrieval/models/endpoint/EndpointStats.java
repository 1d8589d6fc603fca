package io.github.qwen3retrieval.models.endpoint;

/**
 * Counters of an endpoint since the node started.
 *
 * @param id its {@code model_id}
 * @param requests HTTP requests sent, repetitions among them
 * @param texts texts that were answered for
 * @param retries repetitions
 * @param failures calls given up, by whatever failure
 * @param rejected requests refused because too many texts waited
 * @param waiting texts that wait now
 * @param circuitOpen whether it is not asked now
 */
public record EndpointStats(
        String id,
        long requests,
        long texts,
        long retries,
        long failures,
        long rejected,
        long waiting,
        boolean circuitOpen) {}
