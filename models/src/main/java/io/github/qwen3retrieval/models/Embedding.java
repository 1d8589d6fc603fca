package io.github.qwen3retrieval.models;

/**
 * The vector of one text.
 *
 * @param vector float[dimensions], finite, of length 1 (L2); the caller's to keep
 * @param tokens tokens the model read, instruction and {@code <|endoftext|>} included
 * @param truncated whether the text was cut to the maximum length
 */
public record Embedding(float[] vector, int tokens, boolean truncated) {}
