package io.github.qwen3retrieval.models.bench;

/**
 * A point of the curve of cost against length.
 *
 * @param tokens of each text
 * @param microsPerToken microseconds of the whole machine for each token
 * @param peakBytes memory beyond that of the model at rest, or -1 where the system does not tell
 */
public record LengthCost(int tokens, double microsPerToken, long peakBytes) {}
