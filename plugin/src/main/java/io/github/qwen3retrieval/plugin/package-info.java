/**
 * The node's side: wiring, settings, life cycle, native memory.
 *
 * <p>{@link io.github.qwen3retrieval.plugin.Qwen3Plugin} is the table of contents. Node settings
 * become {@link io.github.qwen3retrieval.models.serving.ModelsOptions} in {@link
 * io.github.qwen3retrieval.plugin.Qwen3Settings}; {@link
 * io.github.qwen3retrieval.plugin.NodeModels} owns the models from the node's start to its end;
 * {@link io.github.qwen3retrieval.plugin.NodeEndpoints} owns the remote ones, set in {@link
 * io.github.qwen3retrieval.plugin.EndpointSettings}. Processor, query vector builder, rescorer and
 * retriever reach them, or those of other nodes, through {@link
 * io.github.qwen3retrieval.plugin.NodeInference}, which brings each answer back into the thread
 * context of its request; which node answers is decided in {@link
 * io.github.qwen3retrieval.plugin.cluster}, and whether a query goes with a field in {@link
 * io.github.qwen3retrieval.plugin.identity}. What clients of others reach is in {@link
 * io.github.qwen3retrieval.plugin.v1}, what other plugins of the node reach in {@link
 * io.github.qwen3retrieval.plugin.NodeModelAccess}. Native memory is charged to the circuit breaker
 * {@code qwen3} by {@link io.github.qwen3retrieval.plugin.NativeMemory}. What the node reports of
 * all this is in {@link io.github.qwen3retrieval.plugin.monitor}, how they are reloaded in {@link
 * io.github.qwen3retrieval.plugin.reload}.
 */
package io.github.qwen3retrieval.plugin;
