package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import java.util.List;
import java.util.function.BiFunction;

/**
 * How texts are embedded, the same for documents and queries: a vector of one is comparable with a
 * vector of the other only where model and dimensions agree.
 *
 * @param modelId the model's folder name, or null for the node's default embedding model
 * @param instruction what the search is for, or null for the model's default: its web-search task
 *     for queries, none for documents
 * @param dimensions length of the vectors, or null for the model's own
 * @param maxLength tokens after which a text is cut, or null for the model's default
 */
record EmbeddingOptions(String modelId, String instruction, Integer dimensions, Integer maxLength) {

    static final String MODEL_ID = "model_id";
    static final String INSTRUCTION = "instruction";
    static final String DIMENSIONS = "dimensions";
    static final String MAX_LENGTH = "max_length";

    /** One token of text and the {@code <|endoftext|>} that the vector is read from. */
    private static final int MIN_MAX_LENGTH = 2;

    /**
     * Refuses what no model can do; what only some models can do, such as 2,048 dimensions, is left
     * to the model.
     *
     * @param error makes the exception from the parameter's name and the rule it breaks
     */
    void check(BiFunction<String, String, ? extends RuntimeException> error) {
        notBlank(MODEL_ID, modelId, "leave it out for the node's default model", error);
        notBlank(INSTRUCTION, instruction, "leave it out for the default", error);
        atLeast(DIMENSIONS, EmbeddingRequest.MIN_DIMENSIONS, dimensions, error);
        atLeast(MAX_LENGTH, MIN_MAX_LENGTH, maxLength, error);
    }

    /** The request for these texts, in one piece so that they share a batch. */
    EmbeddingRequest request(EmbeddingRequest.InputType type, List<String> texts) {
        return new EmbeddingRequest(modelId, type, texts, instruction, dimensions, maxLength);
    }

    private static void notBlank(
            String name,
            String value,
            String remedy,
            BiFunction<String, String, ? extends RuntimeException> error) {
        if (value != null && value.isBlank()) {
            throw error.apply(name, "must not be blank, " + remedy);
        }
    }

    private static void atLeast(
            String name,
            int least,
            Integer value,
            BiFunction<String, String, ? extends RuntimeException> error) {
        if (value != null && value < least) {
            throw error.apply(name, "must be at least [" + least + "], got [" + value + "]");
        }
    }
}
