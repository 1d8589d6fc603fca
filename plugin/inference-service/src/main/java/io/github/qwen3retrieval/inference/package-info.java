/**
 * The bridge: a small plugin of its own that offers the models of the plugin {@code
 * qwen3-retrieval} to Elasticsearch's module x-pack-inference as the service {@code qwen3}, and so
 * to {@code semantic_text}, {@code text_similarity_reranker} and {@code _inference}.
 *
 * <p>{@link io.github.qwen3retrieval.inference.Qwen3InferencePlugin} extends both. By {@link
 * io.github.qwen3retrieval.inference.ReceivedModels} the one gives it models, by {@link
 * io.github.qwen3retrieval.inference.Qwen3ServiceExtension} the other finds {@link
 * io.github.qwen3retrieval.inference.Qwen3InferenceService}, which reads an endpoint's settings in
 * {@code ModelConfig} and answers through {@code TimedCalls}.
 *
 * <p>What looks odd and is meant:
 *
 * <ul>
 *   <li>It is a plugin of its own, because Elasticsearch knows no optional extension: a plugin that
 *       extends a module is refused where the module is missing.
 *   <li>Calls go past the action {@code cluster:monitor/qwen3/inference}: x-pack-inference has
 *       asked for its own privileges, and whoever may write to a {@code semantic_text} field has
 *       none for ours.
 *   <li>The similarity is cosine though our vectors have length 1: of a text with very many chunks,
 *       Elasticsearch stores the means of neighbouring vectors, which are shorter, and a field of
 *       similarity {@code dot_product} would refuse them.
 *   <li>An embedding endpoint must name its model, unlike the rest of this project: what it embeds
 *       is stored, and the node's default may be another model tomorrow.
 * </ul>
 */
package io.github.qwen3retrieval.inference;
