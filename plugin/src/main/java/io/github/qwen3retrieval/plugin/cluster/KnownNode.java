package io.github.qwen3retrieval.plugin.cluster;

import java.util.List;
import org.elasticsearch.cluster.node.DiscoveryNode;

/**
 * What this node knows of a node of the cluster.
 *
 * @param node which one
 * @param here whether it is this one
 * @param offers its models when it last answered, or null if it never did
 * @param answers whether it answered when it was last asked
 * @param load tokens that waited there when it last answered, and those that this node has there
 */
record KnownNode(DiscoveryNode node, boolean here, List<Offer> offers, boolean answers, long load) {

    /** Its model of that id, or null. */
    Offer offer(String modelId) {
        if (offers == null) {
            return null;
        }
        return offers.stream()
                .filter(offer -> offer.modelId().equals(modelId))
                .findFirst()
                .orElse(null);
    }

    /** Its name, as messages show it. */
    String name() {
        return node.getName();
    }
}
