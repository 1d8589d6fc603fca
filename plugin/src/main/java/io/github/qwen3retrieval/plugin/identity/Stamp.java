package io.github.qwen3retrieval.plugin.identity;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.plugin.cluster.Offer;
import java.util.Map;

/**
 * What an index says of the vectors in one of its fields. A member that is absent is not compared.
 *
 * @param values {@code model_id}, {@code model_sha256}, {@code dimensions}, and {@code
 *     instruction}, which is that of queries
 */
record Stamp(Map<?, ?> values) {

    static final String MODEL_ID = "model_id";
    static final String SHA256 = "model_sha256";
    static final String DIMENSIONS = "dimensions";
    static final String INSTRUCTION = "instruction";

    /**
     * How a query to be embedded by this model differs from it.
     *
     * @return in words, with both values, or null if it does not
     */
    String difference(Offer model, EmbeddingRequest request) {
        Object sha256 = values.get(SHA256);
        if (sha256 != null && sha256.toString().equalsIgnoreCase(model.sha256()) == false) {
            return differs(
                    SHA256,
                    Offer.shown(sha256.toString()),
                    Offer.shown(model.sha256()) + "] of model [" + model.modelId());
        }
        Object modelId = values.get(MODEL_ID);
        // a model of the same bytes may have another name
        if (sha256 == null && modelId != null && modelId.equals(model.modelId()) == false) {
            return differs(MODEL_ID, modelId, model.modelId());
        }
        Object dimensions = values.get(DIMENSIONS);
        int asked = request.dimensions() == null ? model.dimensions() : request.dimensions();
        if (dimensions != null && dimensions.toString().equals("" + asked) == false) {
            return differs(DIMENSIONS, dimensions, asked);
        }
        Object instruction = values.get(INSTRUCTION);
        String given =
                request.instruction() == null
                        ? RerankRequest.DEFAULT_INSTRUCTION
                        : request.instruction();
        if (instruction != null && instruction.equals(given) == false) {
            return differs(INSTRUCTION, instruction, given);
        }
        return null;
    }

    /** Whether the model's hash is needed for the comparison. */
    boolean needsHash() {
        return values.get(SHA256) != null;
    }

    private static String differs(String what, Object stamped, Object asked) {
        return "has [" + what + "] [" + stamped + "], but the query would have [" + asked + "]";
    }
}
