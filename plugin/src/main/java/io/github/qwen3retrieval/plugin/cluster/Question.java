package io.github.qwen3retrieval.plugin.cluster;

import java.util.concurrent.CompletableFuture;
import org.elasticsearch.cluster.node.DiscoveryNode;

/** A request that any node with its model can answer. */
interface Question<R> {

    /** Which model it is for. */
    View.Wanted wanted();

    /** About how many tokens it has. */
    long tokens();

    /** Answered on this node, as it was asked: which model is meant is found out there. */
    CompletableFuture<R> here();

    /** Answered by that model of this node. */
    CompletableFuture<R> here(String modelId);

    /** Answered by that model of another node. */
    CompletableFuture<? extends ModelAnswer<R>> there(DiscoveryNode node, String modelId);
}
