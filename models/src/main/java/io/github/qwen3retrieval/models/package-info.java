/**
 * The seam: what the Elasticsearch side sees of a model, {@link
 * io.github.qwen3retrieval.models.Embedder} and {@link io.github.qwen3retrieval.models.Reranker},
 * with their requests and results.
 */
package io.github.qwen3retrieval.models;
