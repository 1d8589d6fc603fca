package io.github.qwen3retrieval.ingest;

/**
 * The field that a query's vector is to be compared with, named so that it can be verified that its
 * vectors come from the same model.
 *
 * @param index an index, an alias or a data stream
 * @param field the {@code dense_vector} field
 */
public record VerifiedField(String index, String field) {

    static final String VERIFY_INDEX = "verify_index";
    static final String VERIFY_FIELD = "verify_field";

    /**
     * From the two parameters of a query.
     *
     * @return null if neither is given
     * @throws IllegalArgumentException naming the one that is missing or blank
     */
    static VerifiedField of(String index, String field) {
        if (index == null && field == null) {
            return null;
        }
        check(VERIFY_INDEX, index, VERIFY_FIELD);
        check(VERIFY_FIELD, field, VERIFY_INDEX);
        return new VerifiedField(index, field);
    }

    private static void check(String name, String value, String other) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "[" + name + "] is required where [" + other + "] is given");
        }
        if (value.isBlank()) {
            throw new IllegalArgumentException("[" + name + "] must not be blank");
        }
    }
}
