package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.ingest.IngestDocument;
import org.elasticsearch.ingest.Processor;
import org.elasticsearch.ingest.TestProcessor;
import org.elasticsearch.plugins.IngestPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.threadpool.ThreadPool;

/**
 * A plugin with the processor and the builder over {@link HashEmbedder}, which here answers on a
 * pool of the node. The text {@code poison} is refused, {@code flood} finds the queue full.
 */
public final class EmbeddingPlugin extends Plugin implements IngestPlugin, SearchPlugin {

    final List<EmbeddingRequest> requests = new CopyOnWriteArrayList<>();
    private volatile Embedder embedder;

    @Override
    public Collection<?> createComponents(PluginServices services) {
        ThreadPool threadPool = services.threadPool();
        embedder =
                request -> {
                    requests.add(request);
                    CompletableFuture<List<Embedding>> future = new CompletableFuture<>();
                    threadPool.generic().execute(() -> answer(request, future));
                    return future;
                };
        return List.of();
    }

    private static void answer(
            EmbeddingRequest request, CompletableFuture<List<Embedding>> future) {
        if (request.texts().contains("poison")) {
            future.completeExceptionally(new IllegalArgumentException("[max_length] is too short"));
        } else if (request.texts().contains("flood")) {
            future.completeExceptionally(new EsRejectedExecutionException("queue full"));
        } else {
            future.complete(HashEmbedder.embeddings(request));
        }
    }

    @Override
    public Map<String, Processor.Factory> getProcessors(Processor.Parameters parameters) {
        return Map.of(
                EmbeddingProcessor.TYPE,
                new EmbeddingProcessor.Factory(() -> embedder),
                "keep_message",
                (factories, tag, description, config, project) ->
                        new TestProcessor(EmbeddingPlugin::keepMessage));
    }

    private static void keepMessage(IngestDocument document) {
        Object message = document.getFieldValue("_ingest.on_failure_message", String.class);
        document.setFieldValue("message", message);
    }

    @Override
    public List<QueryVectorBuilderSpec<?>> getQueryVectorBuilders() {
        return List.of(
                EmbeddingQueryVectorBuilder.spec(
                        new QueryServices(
                                () -> embedder,
                                (client, field, request, listener) -> listener.onResponse(null))));
    }
}
