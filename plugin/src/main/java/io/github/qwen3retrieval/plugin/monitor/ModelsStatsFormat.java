package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.serving.ModelsStats;
import io.github.qwen3retrieval.models.serving.ModelsStats.Cache;
import io.github.qwen3retrieval.models.serving.ModelsStats.Passes;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.unit.ByteSizeValue;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.xcontent.XContentBuilder;

/** How {@link ModelsStats} go to other nodes and to users. */
final class ModelsStatsFormat {

    private ModelsStatsFormat() {}

    static ModelsStats read(StreamInput in) throws IOException {
        return new ModelsStats(
                readPasses(in),
                readPasses(in),
                in.readLong(),
                in.readVLong(),
                in.readVLong(),
                in.readVLong(),
                in.readVLong(),
                readCache(in),
                readCache(in),
                in.readLong());
    }

    private static Cache readCache(StreamInput in) throws IOException {
        return new Cache(
                in.readVLong(), in.readVLong(), in.readVLong(), in.readVLong(), in.readVLong());
    }

    private static Passes readPasses(StreamInput in) throws IOException {
        return new Passes(
                in.readVLong(), in.readVLong(), in.readVLong(), in.readVLong(), in.readVLong());
    }

    static void write(StreamOutput out, ModelsStats stats) throws IOException {
        write(out, stats.search());
        write(out, stats.ingest());
        out.writeLong(stats.queueTokens());
        out.writeVLong(stats.rejected());
        out.writeVLong(stats.failed());
        out.writeVLong(stats.cancelled());
        out.writeVLong(stats.timedOut());
        write(out, stats.queryVectors());
        write(out, stats.rerankScores());
        out.writeLong(stats.nativeArrays());
    }

    private static void write(StreamOutput out, Cache cache) throws IOException {
        out.writeVLong(cache.hits());
        out.writeVLong(cache.misses());
        out.writeVLong(cache.evictions());
        out.writeVLong(cache.entries());
        out.writeVLong(cache.bytes());
    }

    private static void write(StreamOutput out, Passes passes) throws IOException {
        out.writeVLong(passes.requests());
        out.writeVLong(passes.texts());
        out.writeVLong(passes.tokens());
        out.writeVLong(passes.batches());
        out.writeVLong(passes.nanos());
    }

    static void toXContent(XContentBuilder builder, ModelsStats stats) throws IOException {
        toXContent(builder, "search", stats.search());
        toXContent(builder, "ingest", stats.ingest());
        builder.startObject("queue").field("tokens", stats.queueTokens()).endObject();
        builder.field("rejected", stats.rejected());
        builder.field("failed", stats.failed());
        builder.field("cancelled", stats.cancelled());
        builder.field("timed_out", stats.timedOut());
        builder.startObject("caches");
        toXContent(builder, "query_vectors", stats.queryVectors());
        toXContent(builder, "rerank_scores", stats.rerankScores());
        builder.endObject();
        builder.field("native_arrays", stats.nativeArrays());
    }

    private static void toXContent(XContentBuilder builder, String name, Cache cache)
            throws IOException {
        builder.startObject(name)
                .field("hits", cache.hits())
                .field("misses", cache.misses())
                .field("evictions", cache.evictions())
                .field("entries", cache.entries())
                .humanReadableField("size_in_bytes", "size", ByteSizeValue.ofBytes(cache.bytes()))
                .endObject();
    }

    private static void toXContent(XContentBuilder builder, String name, Passes passes)
            throws IOException {
        builder.startObject(name)
                .field("requests", passes.requests())
                .field("texts", passes.texts())
                .field("tokens", passes.tokens())
                .field("batches", passes.batches())
                .humanReadableField(
                        "time_in_millis",
                        "time",
                        new TimeValue(passes.nanos(), TimeUnit.NANOSECONDS))
                .endObject();
    }
}
