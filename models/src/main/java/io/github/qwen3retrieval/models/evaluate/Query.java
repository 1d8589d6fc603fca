package io.github.qwen3retrieval.models.evaluate;

/**
 * A query that documents are judged for.
 *
 * @param id as in the judgements
 * @param text what is searched for; of those asked, not blank
 */
public record Query(String id, String text) {}
