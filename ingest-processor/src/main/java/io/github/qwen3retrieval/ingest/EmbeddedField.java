package io.github.qwen3retrieval.ingest;

/**
 * A field that is read and the field that takes its vector, both as paths with dots.
 *
 * @param input holds the text
 * @param output takes the vector; neither the input itself nor inside or around it
 */
record EmbeddedField(String input, String output) {

    private static final String SOURCE_PREFIX = "_source.";

    /**
     * Whether two paths are the same or one is inside the other, so that a vector written to one
     * would replace, or fail on, what the other holds.
     */
    static boolean overlap(String left, String right) {
        String a = withoutSource(left) + ".";
        String b = withoutSource(right) + ".";
        return a.startsWith(b) || b.startsWith(a);
    }

    /** Whether Elasticsearch's ingest documents take the path: no empty name between dots. */
    static boolean isPath(String path) {
        return path.isBlank() == false && path.startsWith(".") == false && !path.contains("..");
    }

    private static String withoutSource(String path) {
        return path.startsWith(SOURCE_PREFIX) ? path.substring(SOURCE_PREFIX.length()) : path;
    }
}
