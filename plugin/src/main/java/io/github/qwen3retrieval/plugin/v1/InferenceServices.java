package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Reranker;
import java.util.function.Supplier;

/**
 * What answers inference requests.
 *
 * @param embedder gives the node's embedder, asked anew for every request
 * @param reranker gives the node's reranker, asked anew for every request
 */
public record InferenceServices(Supplier<Embedder> embedder, Supplier<Reranker> reranker) {}
