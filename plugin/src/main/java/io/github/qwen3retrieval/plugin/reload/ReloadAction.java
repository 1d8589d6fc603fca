package io.github.qwen3retrieval.plugin.reload;

import java.io.IOException;
import org.elasticsearch.action.ActionType;
import org.elasticsearch.action.support.nodes.BaseNodesRequest;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.transport.AbstractTransportRequest;

/** The action {@value #NAME}: nodes open a model's folder anew. */
public final class ReloadAction {

    /** Within the cluster privilege {@code manage}. */
    public static final String NAME = "cluster:admin/qwen3/reload";

    /** Key of the action. */
    public static final ActionType<ReloadReport> TYPE = new ActionType<>(NAME);

    private ReloadAction() {}

    /** To some nodes. */
    public static final class Request extends BaseNodesRequest {

        private final String modelId;

        /**
         * To nodes.
         *
         * @param nodes which, as elsewhere in Elasticsearch; none for all
         */
        public Request(String modelId, String... nodes) {
            super(nodes);
            this.modelId = modelId;
        }

        String modelId() {
            return modelId;
        }
    }

    /** To one node. */
    public static final class NodeRequest extends AbstractTransportRequest {

        private final String modelId;

        NodeRequest(String modelId) {
            this.modelId = modelId;
        }

        /** Read from another node. */
        public NodeRequest(StreamInput in) throws IOException {
            super(in);
            this.modelId = in.readString();
        }

        @Override
        public void writeTo(StreamOutput out) throws IOException {
            super.writeTo(out);
            out.writeString(modelId);
        }

        String modelId() {
            return modelId;
        }

        @Override
        public String getDescription() {
            return "reload [" + modelId + "]";
        }
    }
}
