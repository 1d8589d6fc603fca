package io.github.qwen3retrieval.plugin.identity;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.cluster.metadata.IndexMetadata;
import org.elasticsearch.cluster.metadata.MappingMetadata;
import org.elasticsearch.cluster.project.ProjectResolver;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.cache.Cache;
import org.elasticsearch.common.cache.CacheBuilder;

/** Reads stamps from the mappings in the cluster state, each mapping once. */
public final class MappingStamps {

    private static final int MAPPINGS = 500;

    private final ClusterService clusterService;
    private final ProjectResolver projects;
    private final Cache<Mapping, Map<?, ?>> read =
            CacheBuilder.<Mapping, Map<?, ?>>builder().setMaximumWeight(MAPPINGS).build();

    /** From this node's cluster state. */
    public MappingStamps(ClusterService clusterService, ProjectResolver projects) {
        this.clusterService = clusterService;
        this.projects = projects;
    }

    private record Mapping(String uuid, long version) {}

    /** The stamp of a field of that index, not an alias, or null. */
    Stamp stamp(String index, String field) {
        ClusterState state = clusterService.state();
        IndexMetadata metadata = projects.getProjectMetadata(state).index(index);
        if (metadata == null || metadata.mapping() == null) {
            return null;
        }
        Mapping mapping = new Mapping(metadata.getIndexUUID(), metadata.getMappingVersion());
        try {
            Map<?, ?> stamps = read.computeIfAbsent(mapping, key -> stampsOf(metadata.mapping()));
            return stamps.get(field) instanceof Map<?, ?> values ? new Stamp(values) : null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("mapping of [" + index + "] cannot be read", e);
        }
    }

    private static Map<?, ?> stampsOf(MappingMetadata mapping) {
        return mapping.sourceAsMap().get("_meta") instanceof Map<?, ?> meta
                        && meta.get("qwen3") instanceof Map<?, ?> stamps
                ? stamps
                : Map.of();
    }
}
