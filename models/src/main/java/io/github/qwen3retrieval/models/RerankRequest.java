package io.github.qwen3retrieval.models;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Documents to score against one query.
 *
 * @param modelId the model's folder name, or null for the node's default reranker
 * @param query what is searched for
 * @param documents the documents in first-stage order, none of them null
 * @param instruction what makes a document fit, or null for {@value #DEFAULT_INSTRUCTION}
 * @param maxLength tokens of the whole prompt after which the document is cut, or null for {@value
 *     #DEFAULT_MAX_LENGTH}
 * @param timeout time after which the response holds what was scored by then, or null for no limit
 */
public record RerankRequest(
        String modelId,
        String query,
        List<String> documents,
        String instruction,
        Integer maxLength,
        Duration timeout) {

    /** The instruction of the official model card. */
    public static final String DEFAULT_INSTRUCTION =
            "Given a web search query, retrieve relevant passages that answer the query";

    /** Tokens of a prompt in the official evaluation of Qwen3-Reranker. */
    public static final int DEFAULT_MAX_LENGTH = 8192;

    /** Copies the documents; null documents are refused. */
    public RerankRequest {
        Objects.requireNonNull(query, "query");
        documents = List.copyOf(documents);
    }
}
