package io.github.qwen3retrieval.models;

import java.util.List;
import java.util.Objects;

/**
 * Texts to embed, and how.
 *
 * @param modelId the model's folder name, or null for the node's default embedding model
 * @param inputType whether the texts are queries, which carry an instruction, or documents
 * @param texts the texts, none of them null; an empty one is embedded as it is
 * @param instruction what the search is for, or null for the default: Qwen3's web-search task for
 *     queries, no prefix at all for documents
 * @param dimensions length of the vectors, at least 32 and at most the model's hidden size, or null
 *     for the hidden size
 * @param maxLength tokens after which a text is cut, the closing {@code <|endoftext|>} included, or
 *     null for {@value #DEFAULT_MAX_LENGTH}
 */
public record EmbeddingRequest(
        String modelId,
        InputType inputType,
        List<String> texts,
        String instruction,
        Integer dimensions,
        Integer maxLength) {

    /** Tokens of a text in the official evaluation of Qwen3-Embedding. */
    public static final int DEFAULT_MAX_LENGTH = 8192;

    /**
     * Shortest vector that the models were trained to give (Matryoshka representation learning).
     */
    public static final int MIN_DIMENSIONS = 32;

    /** Copies the texts; null texts are refused. */
    public EmbeddingRequest {
        Objects.requireNonNull(inputType, "inputType");
        texts = List.copyOf(texts);
    }

    /** Whether a text is searched for or searched in. */
    public enum InputType {
        /** A search: embedded behind {@code Instruct: …\nQuery:}, ahead of documents. */
        QUERY,
        /** A text to be found: embedded bare, unless an instruction is given. */
        DOCUMENT
    }
}
