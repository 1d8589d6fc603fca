package io.github.qwen3retrieval.inference.standin;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.lucene.util.SetOnce;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.inference.InferenceServiceExtension;
import org.elasticsearch.inference.InferenceServiceExtension.InferenceServiceFactoryContext;
import org.elasticsearch.inference.InferenceServiceRegistry;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.ExtensiblePlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.RestHandler;

/** Finds the services of other plugins, as x-pack-inference does. */
public final class StandInPlugin extends Plugin implements ActionPlugin, ExtensiblePlugin {

    private final SetOnce<InferenceServiceRegistry> services = new SetOnce<>();
    private final SetOnce<NamedWriteableRegistry> writeables = new SetOnce<>();
    private List<InferenceServiceExtension> extensions = List.of();

    @Override
    public void loadExtensions(ExtensionLoader loader) {
        extensions = loader.loadExtensions(InferenceServiceExtension.class);
    }

    @Override
    public Collection<?> createComponents(PluginServices node) {
        writeables.set(node.namedWriteableRegistry());
        services.set(
                new InferenceServiceRegistry(
                        extensions,
                        new InferenceServiceFactoryContext(
                                node.client(),
                                node.threadPool(),
                                node.clusterService(),
                                node.environment().settings(),
                                null,
                                node.featureService())));
        return List.of();
    }

    @Override
    public Collection<RestHandler> getRestHandlers(
            RestHandlersServices node,
            Supplier<DiscoveryNodes> nodes,
            Predicate<NodeFeature> clusterSupportsFeature) {
        return List.of(new StandInHandler(services::get, writeables::get));
    }

    @Override
    public void close() throws IOException {
        if (services.get() != null) {
            services.get().close();
        }
    }
}
