package io.github.qwen3retrieval.spi;

import java.util.List;

/**
 * Texts to embed, and how.
 *
 * @param modelId the model's folder name, or null for the node's default
 * @param query whether the texts are searched for, and carry an instruction, or searched in
 * @param texts the texts, none of them null
 * @param instruction what the search is for, or null for the default: the web-search task for
 *     queries, none for documents
 * @param dimensions length of the vectors, or null for all the model gives
 * @param maxLength tokens after which a text is cut, or null for the default
 */
public record TextsToEmbed(
        String modelId,
        boolean query,
        List<String> texts,
        String instruction,
        Integer dimensions,
        Integer maxLength) {

    /** Copies the texts; null texts are refused. */
    public TextsToEmbed {
        texts = List.copyOf(texts);
    }
}
