package io.github.qwen3retrieval.plugin.monitor;

import java.io.IOException;
import org.elasticsearch.action.ActionType;
import org.elasticsearch.action.support.nodes.BaseNodesRequest;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.transport.AbstractTransportRequest;

/** The action {@value #NAME}: asks nodes for their models and counters. */
public final class MonitorAction {

    /** Within the cluster privilege {@code monitor}. */
    public static final String NAME = "cluster:monitor/qwen3";

    /** Key of the action. */
    public static final ActionType<Report> TYPE = new ActionType<>(NAME);

    private MonitorAction() {}

    /** To all nodes. */
    public static final class Request extends BaseNodesRequest {

        /** To all nodes. */
        public Request() {
            super(new String[0]);
        }
    }

    /** To one node. */
    public static final class NodeRequest extends AbstractTransportRequest {

        /** Carries nothing. */
        public NodeRequest() {}

        /** Read from another node. */
        public NodeRequest(StreamInput in) throws IOException {
            super(in);
        }
    }
}
