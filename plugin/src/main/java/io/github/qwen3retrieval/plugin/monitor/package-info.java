/**
 * What the nodes report of their models: {@code GET _qwen3/models} and {@code GET _qwen3/stats}.
 *
 * <p>{@link io.github.qwen3retrieval.plugin.monitor.RestMonitorAction} asks all nodes through
 * {@link io.github.qwen3retrieval.plugin.monitor.TransportMonitorAction}; each answers with a
 * {@link io.github.qwen3retrieval.plugin.monitor.NodeReport}. With security on, the caller needs
 * the cluster privilege {@code monitor}.
 */
package io.github.qwen3retrieval.plugin.monitor;
