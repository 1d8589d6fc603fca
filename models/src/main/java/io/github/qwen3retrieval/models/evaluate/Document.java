package io.github.qwen3retrieval.models.evaluate;

/**
 * A document of a corpus.
 *
 * @param id as in the judgements
 * @param text title and text with a space between, as the official evaluation joins them; may be
 *     blank
 */
public record Document(String id, String text) {}
