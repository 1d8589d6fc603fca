/**
 * The node's side: wiring, settings, life cycle, native memory.
 *
 * <p>{@link io.github.qwen3retrieval.plugin.Qwen3Plugin} is the table of contents. Node settings
 * become {@link io.github.qwen3retrieval.models.serving.ModelsOptions} in {@link
 * io.github.qwen3retrieval.plugin.Qwen3Settings}; {@link
 * io.github.qwen3retrieval.plugin.NodeModels} owns the models from the node's start to its end;
 * processor, query vector builder, rescorer and retriever reach them through {@link
 * io.github.qwen3retrieval.plugin.NodeEmbedder} and {@link
 * io.github.qwen3retrieval.plugin.NodeReranker}, which bring each answer back into the thread
 * context of its request. Native memory is charged to the circuit breaker {@code qwen3} by {@link
 * io.github.qwen3retrieval.plugin.NativeMemory}. What the node reports of all this is in {@link
 * io.github.qwen3retrieval.plugin.monitor}.
 */
package io.github.qwen3retrieval.plugin;
