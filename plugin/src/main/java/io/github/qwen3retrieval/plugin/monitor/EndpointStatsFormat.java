package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.endpoint.EndpointStats;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.xcontent.XContentBuilder;

/** How {@link EndpointStats} go to other nodes and to users. */
final class EndpointStatsFormat {

    private EndpointStatsFormat() {}

    static EndpointStats read(StreamInput in) throws IOException {
        return new EndpointStats(
                in.readString(),
                in.readVLong(),
                in.readVLong(),
                in.readVLong(),
                in.readVLong(),
                in.readVLong(),
                in.readVLong(),
                in.readBoolean());
    }

    static void write(StreamOutput out, EndpointStats stats) throws IOException {
        out.writeString(stats.id());
        out.writeVLong(stats.requests());
        out.writeVLong(stats.texts());
        out.writeVLong(stats.retries());
        out.writeVLong(stats.failures());
        out.writeVLong(stats.rejected());
        out.writeVLong(stats.waiting());
        out.writeBoolean(stats.circuitOpen());
    }

    /** One object for each, by its id; nothing where there is none. */
    static void toXContent(XContentBuilder builder, List<EndpointStats> endpoints)
            throws IOException {
        if (endpoints.isEmpty()) {
            return;
        }
        builder.startObject("endpoints");
        for (EndpointStats stats : endpoints) {
            builder.startObject(stats.id())
                    .field("requests", stats.requests())
                    .field("texts", stats.texts())
                    .field("retries", stats.retries())
                    .field("failures", stats.failures())
                    .field("rejected", stats.rejected())
                    .field("waiting", stats.waiting())
                    .field("circuit", stats.circuitOpen() ? "open" : "closed")
                    .endObject();
        }
        builder.endObject();
    }
}
