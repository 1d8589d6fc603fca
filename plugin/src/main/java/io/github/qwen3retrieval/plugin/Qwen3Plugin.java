package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.ingest.EmbeddingProcessor;
import io.github.qwen3retrieval.ingest.EmbeddingQueryVectorBuilder;
import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.plugin.monitor.MonitorAction;
import io.github.qwen3retrieval.plugin.monitor.RestMonitorAction;
import io.github.qwen3retrieval.plugin.monitor.TransportMonitorAction;
import io.github.qwen3retrieval.rescore.RerankSearch;
import io.github.qwen3retrieval.rescore.RerankServices;
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
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.indices.breaker.BreakerSettings;
import org.elasticsearch.ingest.Processor;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.CircuitBreakerPlugin;
import org.elasticsearch.plugins.IngestPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.search.fetch.FetchSubPhase;

/** Table of contents of the plugin: what it gives the node, one entry per extension point. */
public final class Qwen3Plugin extends Plugin
        implements ActionPlugin, CircuitBreakerPlugin, IngestPlugin, SearchPlugin {

    /** The plugin's name, and that of its folder under {@code plugins}. */
    public static final String NAME = "qwen3-retrieval";

    // Elasticsearch asks for processors and search extensions before it makes components: they hold
    // these and read them at their first request.
    private final SetOnce<NativeMemory> memory = new SetOnce<>();
    private final SetOnce<NodeModels> models = new SetOnce<>();
    private final Supplier<Embedder> embedder = () -> models.get().embedder();
    private final RerankCounters reranked = new RerankCounters();
    private final RerankServices reranking =
            new RerankServices(() -> models.get().reranker(), reranked);

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
    public Collection<?> createComponents(PluginServices services) {
        services.clusterService()
                .getClusterSettings()
                .addSettingsUpdateConsumer(
                        Qwen3Settings.NATIVE_MEMORY_LIMIT,
                        limit -> memory.get().limit(Qwen3Settings.bytes(limit)));
        models.set(
                new NodeModels(
                        NodeOptions.of(services.environment()),
                        Qwen3Settings.OPEN_AT_START.get(services.environment().settings()),
                        memory.get(),
                        reranked,
                        services.threadPool()));
        return List.of(models.get());
    }

    @Override
    public Map<String, Processor.Factory> getProcessors(Processor.Parameters parameters) {
        return Map.of(EmbeddingProcessor.TYPE, new EmbeddingProcessor.Factory(embedder));
    }

    @Override
    public List<QueryVectorBuilderSpec<?>> getQueryVectorBuilders() {
        return List.of(EmbeddingQueryVectorBuilder.spec(embedder));
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
        return List.of(new ActionHandler(MonitorAction.TYPE, TransportMonitorAction.class));
    }

    @Override
    public Collection<RestHandler> getRestHandlers(
            RestHandlersServices services,
            Supplier<DiscoveryNodes> nodes,
            Predicate<NodeFeature> clusterSupportsFeature) {
        return List.of(RestMonitorAction.models(), RestMonitorAction.stats());
    }
}
