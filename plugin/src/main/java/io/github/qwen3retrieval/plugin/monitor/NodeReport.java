package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.endpoint.EndpointStats;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.ModelsStats;
import io.github.qwen3retrieval.plugin.NodeEndpoints;
import io.github.qwen3retrieval.plugin.NodeModels;
import io.github.qwen3retrieval.plugin.RerankCounters;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.action.support.nodes.BaseNodeResponse;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.unit.ByteSizeValue;
import org.elasticsearch.xcontent.XContentBuilder;

/** What one node reports: its models and its counters. */
public final class NodeReport extends BaseNodeResponse {

    private final boolean inference;
    private final List<ModelStatus> models;
    private final ModelsStats stats;
    private final NodeModels.Memory memory;
    private final RerankCounters.Hits hits;
    private final List<EndpointStats> endpoints;

    NodeReport(DiscoveryNode node, NodeModels models, NodeEndpoints endpoints) {
        super(node);
        this.inference = models.inference();
        this.models = endpoints.before(models);
        this.stats = models.stats();
        this.memory = models.memory();
        this.hits = models.hits();
        this.endpoints = endpoints.stats();
    }

    NodeReport(StreamInput in, DiscoveryNode node) throws IOException {
        super(in, node);
        this.inference = in.readBoolean();
        this.models = in.readCollectionAsList(ModelStatusFormat::read);
        this.stats = ModelsStatsFormat.read(in);
        this.memory = new NodeModels.Memory(in.readVLong(), in.readVLong());
        this.hits = new RerankCounters.Hits(in.readVLong(), in.readVLong(), in.readVLong());
        this.endpoints = in.readCollectionAsList(EndpointStatsFormat::read);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeBoolean(inference);
        out.writeCollection(models, ModelStatusFormat::write);
        ModelsStatsFormat.write(out, stats);
        out.writeVLong(memory.used());
        out.writeVLong(memory.limit());
        out.writeVLong(hits.reranked());
        out.writeVLong(hits.timedOut());
        out.writeVLong(hits.failed());
        out.writeCollection(endpoints, EndpointStatsFormat::write);
    }

    /** The models of the node, the broken ones among them. */
    public List<ModelStatus> models() {
        return models;
    }

    void statsToXContent(XContentBuilder builder) throws IOException {
        ModelsStatsFormat.toXContent(builder, stats);
        hitsToXContent(builder);
        EndpointStatsFormat.toXContent(builder, endpoints);
        memoryToXContent(builder);
    }

    void modelsToXContent(XContentBuilder builder, Disagreements disagreements) throws IOException {
        builder.field("inference", inference);
        builder.startArray("models");
        for (ModelStatus model : models) {
            builder.startObject();
            ModelStatusFormat.toXContent(builder, model);
            List<String> others = disagreements.others(model);
            if (others.isEmpty() == false) {
                builder.stringListField("disagrees_with", others);
            }
            builder.endObject();
        }
        builder.endArray();
    }

    private void hitsToXContent(XContentBuilder builder) throws IOException {
        builder.startObject("hits")
                .field("reranked", hits.reranked())
                .field("kept_by_timeout", hits.timedOut())
                .field("kept_by_failure", hits.failed())
                .endObject();
    }

    private void memoryToXContent(XContentBuilder builder) throws IOException {
        builder.startObject("native_memory")
                .humanReadableField("used_in_bytes", "used", ByteSizeValue.ofBytes(memory.used()))
                .humanReadableField(
                        "limit_in_bytes", "limit", ByteSizeValue.ofBytes(memory.limit()))
                .endObject();
    }
}
