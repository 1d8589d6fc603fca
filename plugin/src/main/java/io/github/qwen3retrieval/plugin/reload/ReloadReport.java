package io.github.qwen3retrieval.plugin.reload;

import java.io.IOException;
import java.util.List;
import org.elasticsearch.action.FailedNodeException;
import org.elasticsearch.action.support.TransportAction;
import org.elasticsearch.action.support.nodes.BaseNodesResponse;
import org.elasticsearch.cluster.ClusterName;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.xcontent.ToXContentFragment;
import org.elasticsearch.xcontent.XContentBuilder;

/** What became of a reload on all nodes asked. */
public final class ReloadReport extends BaseNodesResponse<NodeReload>
        implements ToXContentFragment {

    ReloadReport(
            ClusterName clusterName, List<NodeReload> nodes, List<FailedNodeException> failures) {
        super(clusterName, nodes, failures);
    }

    /** Whether any of the nodes that answered has the model. */
    boolean present() {
        return getNodes().stream().anyMatch(NodeReload::present);
    }

    @Override
    protected List<NodeReload> readNodesFrom(StreamInput in) {
        return TransportAction.localOnly();
    }

    @Override
    protected void writeNodesTo(StreamOutput out, List<NodeReload> nodes) {
        TransportAction.localOnly();
    }

    /** Nodes that do not have the model are left out. */
    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject("nodes");
        for (NodeReload node : getNodes()) {
            if (node.present()) {
                node.toXContent(builder, params);
            }
        }
        return builder.endObject();
    }
}
