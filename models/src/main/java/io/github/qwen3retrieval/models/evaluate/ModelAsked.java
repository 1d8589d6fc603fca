package io.github.qwen3retrieval.models.evaluate;

import java.util.Map;

/**
 * A model, and how it is asked.
 *
 * @param id its name at the node, or its folder
 * @param identity SHA-256 of its files, where it is known; else empty
 * @param precision what it computes in
 * @param hiddenSize length of its longest vector, 0 where it is not known
 * @param instruction what the search is for, or null for the model card's
 * @param maxLength tokens after which a text is cut, or null for the default
 */
public record ModelAsked(
        String id,
        String identity,
        String precision,
        int hiddenSize,
        String instruction,
        Integer maxLength) {

    /** Model, precision and how it is asked, in a line. */
    public String label() {
        String files = identity.isEmpty() ? "" : " (" + identity.substring(0, 8) + ")";
        return id
                + files
                + ", "
                + precision
                + (maxLength == null ? "" : ", max_length " + maxLength)
                + (instruction == null ? "" : ", instruction [" + instruction + "]");
    }

    /** Puts what its answers depend on under names that begin so. */
    void describe(String prefix, Map<String, String> parameters) {
        parameters.put(prefix, id);
        parameters.put(prefix + " sha256", identity);
        parameters.put(prefix + " precision", precision);
        parameters.put(prefix + " instruction", instruction == null ? "default" : instruction);
        parameters.put(prefix + " max_length", maxLength == null ? "default" : "" + maxLength);
    }
}
