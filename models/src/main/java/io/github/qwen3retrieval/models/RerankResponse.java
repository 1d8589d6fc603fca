package io.github.qwen3retrieval.models;

import java.util.List;
import java.util.Objects;

/**
 * Scores of the documents of one {@link RerankRequest}.
 *
 * @param modelId the model that scored
 * @param instruction the instruction it was given
 * @param scores one per document, in the documents' order; null where time ran out first
 */
public record RerankResponse(String modelId, String instruction, List<RerankScore> scores) {

    /** Whether every document has its score. */
    public boolean complete() {
        return scores.stream().allMatch(Objects::nonNull);
    }
}
