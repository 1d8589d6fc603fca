package io.github.qwen3retrieval.plugin.monitor;

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

/** The reports of all nodes that answered. */
public final class Report extends BaseNodesResponse<NodeReport> implements ToXContentFragment {

    /** Parameter that says which half of the report to write: {@code models} or {@code stats}. */
    static final String HALF = "qwen3_report";

    /** Of the nodes that answered and those that did not. */
    public Report(
            ClusterName clusterName, List<NodeReport> nodes, List<FailedNodeException> failures) {
        super(clusterName, nodes, failures);
    }

    @Override
    protected List<NodeReport> readNodesFrom(StreamInput in) {
        return TransportAction.localOnly();
    }

    @Override
    protected void writeNodesTo(StreamOutput out, List<NodeReport> nodes) {
        TransportAction.localOnly();
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        boolean stats = "stats".equals(params.param(HALF));
        Disagreements disagreements = Disagreements.among(getNodes());
        builder.startObject("nodes");
        for (NodeReport node : getNodes()) {
            builder.startObject(node.getNode().getId());
            builder.field("name", node.getNode().getName());
            if (stats) {
                node.statsToXContent(builder);
            } else {
                node.modelsToXContent(builder, disagreements);
            }
            builder.endObject();
        }
        builder.endObject();
        return stats ? builder : disagreements.toXContent(builder, params);
    }
}
