package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.plugin.cluster.Offer;
import io.github.qwen3retrieval.plugin.cluster.Routing;
import java.util.concurrent.CompletableFuture;
import org.elasticsearch.threadpool.ThreadPool;

/**
 * The embedder and the reranker that requests to this node use: answered wherever in the cluster
 * the model is, in the thread context of the request.
 */
final class NodeInference {

    private final Routing routing;
    private final RequestThreads threads;

    NodeInference(Routing routing, ThreadPool threadPool) {
        this.routing = routing;
        this.threads = new RequestThreads(threadPool.getThreadContext(), threadPool.generic());
    }

    Embedder embedder() {
        return request -> threads.call(() -> routing.router().embed(request));
    }

    /** What would answer an embedding request for that model, or for none in particular. */
    CompletableFuture<Offer> embeddingModel(String modelId) {
        return threads.call(() -> routing.router().embeddingModel(modelId));
    }

    Reranker reranker() {
        return request -> threads.call(() -> routing.router().rerank(request));
    }
}
