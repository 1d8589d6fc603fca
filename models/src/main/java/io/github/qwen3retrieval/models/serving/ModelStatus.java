package io.github.qwen3retrieval.models.serving;

/**
 * What a node knows of one folder under its models folder.
 *
 * @param id the folder's name
 * @param kind {@code embedding}, {@code reranker}, or null where the folder is broken
 * @param state {@code closed}, {@code opening}, {@code open} or {@code broken}
 * @param precision what it computes in, by setting
 * @param bytes of the weights in the files; 0 where broken
 * @param layers decoder layers; 0 where broken
 * @param hiddenSize length of its longest vector; 0 where broken
 * @param error why it is broken, or null
 */
public record ModelStatus(
        String id,
        String kind,
        String state,
        String precision,
        long bytes,
        int layers,
        int hiddenSize,
        String error) {}
