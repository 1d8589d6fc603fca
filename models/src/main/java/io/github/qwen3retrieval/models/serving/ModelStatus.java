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
 * @param sha256 of its files, in hexadecimal, see {@link
 *     io.github.qwen3retrieval.models.checkpoint.CheckpointDigest}; null while it is being computed
 *     and where the folder is broken
 * @param error why it is broken, or what is wrong with an open one: it could not be reloaded, its
 *     folder is gone or holds other files; null if nothing is
 */
public record ModelStatus(
        String id,
        String kind,
        String state,
        String precision,
        long bytes,
        int layers,
        int hiddenSize,
        String sha256,
        String error) {}
