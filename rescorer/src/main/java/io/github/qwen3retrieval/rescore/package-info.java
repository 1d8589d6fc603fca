/** Reranks the hits of searches with a {@link io.github.qwen3retrieval.models.Reranker}. */
package io.github.qwen3retrieval.rescore;
