package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.endpoint.EndpointStats;
import io.github.qwen3retrieval.models.endpoint.Endpoints;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.plugin.cluster.RemoteModels;
import io.github.qwen3retrieval.plugin.cluster.Served;
import java.util.ArrayList;
import java.util.List;
import org.elasticsearch.common.component.AbstractLifecycleComponent;
import org.elasticsearch.common.settings.Settings;

/** The remote models of this node, from its start to its end. */
public final class NodeEndpoints extends AbstractLifecycleComponent {

    private final Endpoints endpoints;

    /**
     * Those that are set.
     *
     * @throws IllegalArgumentException if one is not whole; the message names the setting
     */
    NodeEndpoints(Settings settings) {
        this.endpoints = new Endpoints(EndpointSettings.of(settings));
    }

    /**
     * What this node serves. An endpoint goes before a folder of the same name: it was set on
     * purpose. Where there is none, nothing stands before the models folder.
     */
    List<Served> before(List<Served> folder) {
        if (endpoints.list().isEmpty()) {
            return folder;
        }
        List<Served> all = new ArrayList<>();
        all.add(new RemoteModels(endpoints));
        all.addAll(folder);
        return all;
    }

    /** The endpoints, and those of the models that none of them hides. */
    public List<ModelStatus> before(NodeModels models) {
        List<ModelStatus> all = new ArrayList<>(endpoints.list());
        models.list().stream()
                .filter(model -> endpoints.has(model.id()) == false)
                .forEach(all::add);
        return all;
    }

    /** Counters since the node started. */
    public List<EndpointStats> stats() {
        return endpoints.stats();
    }

    @Override
    protected void doStart() {}

    @Override
    protected void doStop() {}

    @Override
    protected void doClose() {
        endpoints.close();
    }
}
