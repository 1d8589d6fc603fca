/**
 * The zip in real nodes, installed and driven as a user would: {@code elasticsearch-plugin}, then
 * HTTP.
 *
 * <p>{@link io.github.qwen3retrieval.it.Installation} unpacks Elasticsearch and installs the zip,
 * {@link io.github.qwen3retrieval.it.RealNode} runs a node of it with a configuration of its own,
 * {@link io.github.qwen3retrieval.it.SharedNode} lends one node to most test classes, {@link
 * io.github.qwen3retrieval.it.NodeClient} speaks to it.
 */
package io.github.qwen3retrieval.it;
