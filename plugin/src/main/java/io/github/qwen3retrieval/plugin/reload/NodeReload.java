package io.github.qwen3retrieval.plugin.reload;

import java.io.IOException;
import org.elasticsearch.action.support.nodes.BaseNodeResponse;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.xcontent.ToXContentFragment;
import org.elasticsearch.xcontent.XContentBuilder;

/** What became of a reload on one node. */
public final class NodeReload extends BaseNodeResponse implements ToXContentFragment {

    private final Outcome outcome;
    private final String reason;

    private NodeReload(DiscoveryNode node, Outcome outcome, String reason) {
        super(node);
        this.outcome = outcome;
        this.reason = reason;
    }

    NodeReload(StreamInput in, DiscoveryNode node) throws IOException {
        super(in, node);
        this.outcome = in.readEnum(Outcome.class);
        this.reason = in.readOptionalString();
    }

    /** What can come of it. */
    private enum Outcome {
        RELOADED,
        FAILED,
        ABSENT
    }

    /** It is open anew. */
    static NodeReload reloaded(DiscoveryNode node) {
        return new NodeReload(node, Outcome.RELOADED, null);
    }

    /** It could not be opened; what was open goes on. */
    static NodeReload failed(DiscoveryNode node, Throwable failure) {
        return new NodeReload(node, Outcome.FAILED, String.valueOf(failure.getMessage()));
    }

    /** The node does not have it. */
    static NodeReload absent(DiscoveryNode node) {
        return new NodeReload(node, Outcome.ABSENT, null);
    }

    /** Whether the node has the model. */
    boolean present() {
        return outcome != Outcome.ABSENT;
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeEnum(outcome);
        out.writeOptionalString(reason);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject(getNode().getId());
        builder.field("name", getNode().getName());
        builder.field("reloaded", outcome == Outcome.RELOADED);
        if (reason != null) {
            builder.field("reason", reason);
        }
        return builder.endObject();
    }
}
