package io.github.qwen3retrieval.models.evaluate;

/**
 * A document that a search found.
 *
 * @param id of the document
 * @param score the higher the better; compared in the precision of Elasticsearch's scores, float
 */
public record Hit(String id, double score) {}
