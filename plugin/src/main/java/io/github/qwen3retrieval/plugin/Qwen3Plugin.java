package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.ingest.EmbeddingProcessor;
import io.github.qwen3retrieval.ingest.EmbeddingQueryVectorBuilder;
import io.github.qwen3retrieval.ingest.FieldVerifier;
import io.github.qwen3retrieval.ingest.QueryServices;
import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.plugin.cluster.Routing;
import io.github.qwen3retrieval.plugin.cluster.ServedHere;
import io.github.qwen3retrieval.plugin.cluster.TransportCatalogueAction;
import io.github.qwen3retrieval.plugin.identity.MappingStamps;
import io.github.qwen3retrieval.plugin.identity.StampVerifier;
import io.github.qwen3retrieval.plugin.monitor.MonitorAction;
import io.github.qwen3retrieval.plugin.monitor.RestMonitorAction;
import io.github.qwen3retrieval.plugin.monitor.TransportMonitorAction;
import io.github.qwen3retrieval.plugin.reload.ReloadAction;
import io.github.qwen3retrieval.plugin.reload.RestReloadAction;
import io.github.qwen3retrieval.plugin.reload.TransportReloadAction;
import io.github.qwen3retrieval.plugin.v1.InferenceAction;
import io.github.qwen3retrieval.plugin.v1.InferenceServices;
import io.github.qwen3retrieval.plugin.v1.RestEmbeddingsAction;
import io.github.qwen3retrieval.plugin.v1.RestModelsAction;
import io.github.qwen3retrieval.plugin.v1.RestRerankAction;
import io.github.qwen3retrieval.plugin.v1.TransportInferenceAction;
import io.github.qwen3retrieval.rescore.RerankSearch;
import io.github.qwen3retrieval.rescore.RerankServices;
import io.github.qwen3retrieval.spi.ModelAccess;
import io.github.qwen3retrieval.spi.ModelsExtension;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.lucene.util.SetOnce;
import org.elasticsearch.action.support.ActionFilter;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.breaker.CircuitBreaker;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.indices.breaker.BreakerSettings;
import org.elasticsearch.ingest.Processor;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.CircuitBreakerPlugin;
import org.elasticsearch.plugins.ExtensiblePlugin;
import org.elasticsearch.plugins.IngestPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.search.fetch.FetchSubPhase;

/** Table of contents of the plugin: what it gives the node, one entry per extension point. */
public final class Qwen3Plugin extends Plugin
        implements ActionPlugin,
                CircuitBreakerPlugin,
                ExtensiblePlugin,
                IngestPlugin,
                SearchPlugin {

    /** The plugin's name, and that of its folder under {@code plugins}. */
    public static final String NAME = "qwen3-retrieval";

    // Elasticsearch asks for processors and search extensions before it makes components: they hold
    // these and read them at their first request.
    private final SetOnce<NativeMemory> memory = new SetOnce<>();
    private final SetOnce<NodeInference> inference = new SetOnce<>();
    private final SetOnce<FieldVerifier> verification = new SetOnce<>();
    private final Supplier<Embedder> embedder = () -> inference.get().embedder();
    private final RerankCounters reranked = new RerankCounters();
    private final RerankServices reranking =
            new RerankServices(() -> inference.get().reranker(), reranked);

    @Override
    public List<Setting<?>> getSettings() {
        return Qwen3Settings.all();
    }

    @Override
    public BreakerSettings getCircuitBreaker(Settings settings) {
        return NativeMemory.breakerSettings(settings);
    }

    @Override
    public void setCircuitBreaker(CircuitBreaker breaker) {
        memory.set(new NativeMemory(breaker));
    }

    @Override
    public void loadExtensions(ExtensionLoader loader) {
        ModelAccess models = new NodeModelAccess(embedder, reranking.reranker());
        loader.loadExtensions(ModelsExtension.class).forEach(extension -> extension.use(models));
    }

    @Override
    public Collection<?> createComponents(PluginServices services) {
        services.clusterService()
                .getClusterSettings()
                .addSettingsUpdateConsumer(
                        Qwen3Settings.NATIVE_MEMORY_LIMIT,
                        limit -> memory.get().limit(Qwen3Settings.bytes(limit)));
        Environment environment = services.environment();
        NodeModels models =
                new NodeModels(
                        NodeOptions.of(environment), memory.get(), reranked, services.threadPool());
        NodeEndpoints endpoints = new NodeEndpoints(environment.settings());
        Routing routing =
                new Routing(
                        new ServedHere(endpoints.before(models.served())),
                        NodeOptions.cluster(environment.settings()),
                        services.clusterService());
        inference.set(new NodeInference(routing, services.threadPool()));
        verification.set(
                new StampVerifier(
                        new MappingStamps(services.clusterService(), services.projectResolver()),
                        inference.get()::embeddingModel));
        return List.of(
                models, endpoints, routing, new InferenceServices(embedder, reranking.reranker()));
    }

    @Override
    public Map<String, Processor.Factory> getProcessors(Processor.Parameters parameters) {
        return Map.of(EmbeddingProcessor.TYPE, new EmbeddingProcessor.Factory(embedder));
    }

    @Override
    public List<QueryVectorBuilderSpec<?>> getQueryVectorBuilders() {
        FieldVerifier verifier =
                (client, field, request, listener) ->
                        verification.get().verify(client, field, request, listener);
        return List.of(EmbeddingQueryVectorBuilder.spec(new QueryServices(embedder, verifier)));
    }

    @Override
    public List<RescorerSpec<?>> getRescorers() {
        return List.of(RerankSearch.rescorer(reranking));
    }

    @Override
    public List<RetrieverSpec<?>> getRetrievers() {
        return List.of(RerankSearch.retriever(reranking));
    }

    @Override
    public List<FetchSubPhase> getFetchSubPhases(FetchPhaseConstructionContext context) {
        return List.of(RerankSearch.fetchSubPhase());
    }

    @Override
    public List<NamedWriteableRegistry.Entry> getNamedWriteables() {
        return RerankSearch.namedWriteables(reranking);
    }

    @Override
    public Collection<ActionFilter> getActionFilters() {
        return List.of(RerankSearch.searchFilter());
    }

    @Override
    public Collection<ActionHandler> getActions() {
        return List.of(
                new ActionHandler(TransportCatalogueAction.TYPE, TransportCatalogueAction.class),
                new ActionHandler(MonitorAction.TYPE, TransportMonitorAction.class),
                new ActionHandler(InferenceAction.TYPE, TransportInferenceAction.class),
                new ActionHandler(ReloadAction.TYPE, TransportReloadAction.class));
    }

    @Override
    public Collection<RestHandler> getRestHandlers(
            RestHandlersServices services,
            Supplier<DiscoveryNodes> nodes,
            Predicate<NodeFeature> clusterSupportsFeature) {
        return List.of(
                RestMonitorAction.models(),
                RestMonitorAction.stats(),
                new RestReloadAction(),
                new RestEmbeddingsAction(),
                new RestRerankAction(),
                new RestModelsAction());
    }
}
