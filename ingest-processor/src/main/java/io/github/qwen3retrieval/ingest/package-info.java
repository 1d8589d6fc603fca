/**
 * Text to vector: {@link io.github.qwen3retrieval.ingest.EmbeddingProcessor} for the documents of a
 * {@code _bulk}, {@link io.github.qwen3retrieval.ingest.EmbeddingQueryVectorBuilder} for the
 * queries of a {@code _search}. They share {@link
 * io.github.qwen3retrieval.ingest.EmbeddingOptions}, and must: a query finds a document only where
 * both went through the same model to the same number of dimensions. A query that names its field
 * has that verified by a {@link io.github.qwen3retrieval.ingest.FieldVerifier}.
 *
 * <p>A text comes from a field of an ingest document or from the request's {@code model_text}, goes
 * to the node's {@link io.github.qwen3retrieval.models.Embedder} and comes back as the value of a
 * {@code dense_vector} field or as the vector of a kNN search. Nothing here waits: Elasticsearch
 * calls on the threads that carry its network and its writes, and the answer is handed on by the
 * thread that completes the embedder's future.
 */
package io.github.qwen3retrieval.ingest;
