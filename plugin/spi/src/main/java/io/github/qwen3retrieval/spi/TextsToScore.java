package io.github.qwen3retrieval.spi;

import java.util.List;
import java.util.Objects;

/**
 * Texts to score against one query.
 *
 * @param modelId the model's folder name, or null for the node's default
 * @param query what is searched for
 * @param texts the documents, none of them null
 * @param instruction what makes a document fit, or null for the web-search task
 * @param maxLength tokens of the whole prompt after which the document is cut, or null for the
 *     default
 */
public record TextsToScore(
        String modelId, String query, List<String> texts, String instruction, Integer maxLength) {

    /** Copies the texts; null texts are refused. */
    public TextsToScore {
        Objects.requireNonNull(query, "query");
        texts = List.copyOf(texts);
    }
}
