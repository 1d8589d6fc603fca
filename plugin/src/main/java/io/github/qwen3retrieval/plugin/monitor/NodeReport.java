package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.ModelsStats;
import io.github.qwen3retrieval.plugin.NodeModels;
import io.github.qwen3retrieval.plugin.RerankCounters;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.action.support.nodes.BaseNodeResponse;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.unit.ByteSizeValue;
import org.elasticsearch.xcontent.ToXContentFragment;
import org.elasticsearch.xcontent.XContentBuilder;

/** What one node reports: its models and its counters. */
public final class NodeReport extends BaseNodeResponse implements ToXContentFragment {

    /** Parameter that says which half of the report to write: {@code models} or {@code stats}. */
    static final String HALF = "qwen3_report";

    private final List<ModelStatus> models;
    private final ModelsStats stats;
    private final NodeModels.Memory memory;
    private final RerankCounters.Hits hits;

    NodeReport(DiscoveryNode node, NodeModels models) {
        super(node);
        this.models = models.list();
        this.stats = models.stats();
        this.memory = models.memory();
        this.hits = models.hits();
    }

    NodeReport(StreamInput in, DiscoveryNode node) throws IOException {
        super(in, node);
        this.models = in.readCollectionAsList(ModelStatusFormat::read);
        this.stats = ModelsStatsFormat.read(in);
        this.memory = new NodeModels.Memory(in.readVLong(), in.readVLong());
        this.hits = new RerankCounters.Hits(in.readVLong(), in.readVLong(), in.readVLong());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeCollection(models, ModelStatusFormat::write);
        ModelsStatsFormat.write(out, stats);
        out.writeVLong(memory.used());
        out.writeVLong(memory.limit());
        out.writeVLong(hits.reranked());
        out.writeVLong(hits.timedOut());
        out.writeVLong(hits.failed());
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        if ("stats".equals(params.param(HALF))) {
            ModelsStatsFormat.toXContent(builder, stats);
            hitsToXContent(builder);
            return memoryToXContent(builder);
        }
        builder.startArray("models");
        for (ModelStatus model : models) {
            ModelStatusFormat.toXContent(builder, model);
        }
        return builder.endArray();
    }

    private void hitsToXContent(XContentBuilder builder) throws IOException {
        builder.startObject("hits")
                .field("reranked", hits.reranked())
                .field("kept_by_timeout", hits.timedOut())
                .field("kept_by_failure", hits.failed())
                .endObject();
    }

    private XContentBuilder memoryToXContent(XContentBuilder builder) throws IOException {
        return builder.startObject("native_memory")
                .humanReadableField("used_in_bytes", "used", ByteSizeValue.ofBytes(memory.used()))
                .humanReadableField(
                        "limit_in_bytes", "limit", ByteSizeValue.ofBytes(memory.limit()))
                .endObject();
    }
}
