/**
 * {@code POST _qwen3/models/{model_id}/_reload}: opens a model's folder anew on the nodes that have
 * it, without a restart.
 *
 * <p>{@link io.github.qwen3retrieval.plugin.reload.RestReloadAction} asks the nodes through {@link
 * io.github.qwen3retrieval.plugin.reload.TransportReloadAction}; each answers with a {@link
 * io.github.qwen3retrieval.plugin.reload.NodeReload} when its model is open. With security on, the
 * caller needs the cluster privilege {@code manage}.
 */
package io.github.qwen3retrieval.plugin.reload;
