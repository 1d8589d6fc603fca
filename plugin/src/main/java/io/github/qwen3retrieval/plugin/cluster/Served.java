package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Reranker;
import java.util.List;

/**
 * Models that this node can answer for, without another node of the cluster: those of its models
 * folder, or some that are reached in another way.
 */
public interface Served extends Embedder, Reranker {

    /** What there is now, broken ones included. May read the disk: not for a transport thread. */
    List<Offer> offers();

    /** Whether this is one of them. May read the disk: not for a transport thread. */
    boolean has(String modelId);

    /** Tokens that wait here for a model. */
    long queueTokens();

    /**
     * Whether it finds out itself which model a request means, and says so in its errors. Where it
     * does and the node is alone, requests go to it as they are.
     */
    default boolean resolves() {
        return false;
    }
}
