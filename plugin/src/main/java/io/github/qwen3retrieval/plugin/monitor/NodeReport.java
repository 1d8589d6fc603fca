package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.ModelsStats;
import io.github.qwen3retrieval.plugin.NodeModels;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.action.support.nodes.BaseNodeResponse;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.xcontent.ToXContentFragment;
import org.elasticsearch.xcontent.XContentBuilder;

/** What one node reports: its models and its counters. */
public final class NodeReport extends BaseNodeResponse implements ToXContentFragment {

    /** Parameter that says which half of the report to write: {@code models} or {@code stats}. */
    static final String HALF = "qwen3_report";

    private final List<ModelStatus> models;
    private final ModelsStats stats;

    NodeReport(DiscoveryNode node, NodeModels models) {
        super(node);
        this.models = models.list();
        this.stats = models.stats();
    }

    NodeReport(StreamInput in, DiscoveryNode node) throws IOException {
        super(in, node);
        this.models = in.readCollectionAsList(NodeReport::readModel);
        this.stats = new ModelsStats(in.readVLong(), in.readVLong(), in.readVLong());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeCollection(models, NodeReport::writeModel);
        out.writeVLong(stats.requests());
        out.writeVLong(stats.texts());
        out.writeVLong(stats.tokens());
    }

    private static ModelStatus readModel(StreamInput in) throws IOException {
        return new ModelStatus(
                in.readString(),
                in.readOptionalString(),
                in.readString(),
                in.readOptionalString(),
                in.readVLong(),
                in.readVInt(),
                in.readVInt(),
                in.readOptionalString());
    }

    private static void writeModel(StreamOutput out, ModelStatus model) throws IOException {
        out.writeString(model.id());
        out.writeOptionalString(model.kind());
        out.writeString(model.state());
        out.writeOptionalString(model.precision());
        out.writeVLong(model.bytes());
        out.writeVInt(model.layers());
        out.writeVInt(model.hiddenSize());
        out.writeOptionalString(model.error());
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        return "models".equals(params.param(HALF)) ? models(builder) : stats(builder);
    }

    private XContentBuilder models(XContentBuilder builder) throws IOException {
        builder.startArray("models");
        for (ModelStatus model : models) {
            builder.startObject();
            builder.field("model_id", model.id());
            builder.field("state", model.state());
            builder.endObject();
        }
        return builder.endArray();
    }

    private XContentBuilder stats(XContentBuilder builder) throws IOException {
        return builder.field("requests", stats.requests())
                .field("texts", stats.texts())
                .field("tokens", stats.tokens());
    }
}
