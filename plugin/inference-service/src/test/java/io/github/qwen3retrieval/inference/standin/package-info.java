/**
 * Takes the place of Elasticsearch's module x-pack-inference, which the distribution for tests does
 * not have: {@link io.github.qwen3retrieval.inference.standin.StandInPlugin} finds services as that
 * one does and puts an endpoint through the steps of {@code PUT _inference} before it calls it.
 */
package io.github.qwen3retrieval.inference.standin;
