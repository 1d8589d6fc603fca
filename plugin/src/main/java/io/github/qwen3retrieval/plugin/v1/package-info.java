/**
 * The node as an endpoint for the clients of others: {@code POST _qwen3/v1/embeddings} in OpenAI's
 * format, {@code POST _qwen3/v1/rerank} in that of Jina and Cohere, {@code GET _qwen3/v1/models}.
 *
 * <p>A handler reads the body with {@link io.github.qwen3retrieval.plugin.v1.Body}, checks it, and
 * sends an {@link io.github.qwen3retrieval.plugin.v1.InferenceRequest} through the action {@link
 * io.github.qwen3retrieval.plugin.v1.InferenceAction#NAME}, by which security authorises it. {@link
 * io.github.qwen3retrieval.plugin.v1.TransportInferenceAction} asks the node's embedder or
 * reranker, wherever these run; the request ends when the HTTP client closes. The answer, or the
 * failure as OpenAI's error object, is written in {@link
 * io.github.qwen3retrieval.plugin.v1.V1Listener}.
 *
 * <p>Members that the formats do not have, in requests {@code input_type}, {@code instruction} and
 * {@code max_length}, in rerank's results {@code logit}, {@code tokens} and {@code truncated}, are
 * there so that one node can be the remote endpoint of another and nothing is lost on the way.
 */
package io.github.qwen3retrieval.plugin.v1;
