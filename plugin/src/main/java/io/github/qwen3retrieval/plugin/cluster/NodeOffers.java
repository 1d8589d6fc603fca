package io.github.qwen3retrieval.plugin.cluster;

import java.io.IOException;
import java.util.List;
import org.elasticsearch.action.ActionResponse;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;

/** Which models a node has, and how busy it is. */
public final class NodeOffers extends ActionResponse {

    /** Models of one node that others know of: a folder of more is somebody's mistake. */
    static final int MAX_MODELS = 1000;

    private final List<Offer> offers;
    private final long queueTokens;

    NodeOffers(List<Offer> offers, long queueTokens) {
        this.offers = List.copyOf(offers.subList(0, Math.min(offers.size(), MAX_MODELS)));
        this.queueTokens = queueTokens;
    }

    NodeOffers(StreamInput in) throws IOException {
        this(in.readCollectionAsList(Offer::new), in.readVLong());
    }

    /** What is served here now; reads the disk. */
    static NodeOffers of(Served here) {
        return new NodeOffers(here.offers(), here.queueTokens());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeCollection(offers);
        out.writeVLong(queueTokens);
    }

    List<Offer> offers() {
        return offers;
    }

    long queueTokens() {
        return queueTokens;
    }
}
