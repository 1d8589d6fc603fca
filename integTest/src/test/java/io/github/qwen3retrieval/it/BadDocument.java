package io.github.qwen3retrieval.it;

import java.util.List;

/**
 * One strange document, sent in a bulk between two good ones.
 *
 * @param name what is strange about it
 * @param pipeline parameters of the processor beside {@code field} and {@code target_field}
 * @param document JSON of the document
 * @param status expected of this document
 * @param says fragments that the document's error must contain; empty where it is indexed
 */
record BadDocument(String name, String pipeline, String document, int status, List<String> says) {

    static List<BadDocument> all() {
        return List.of(
                body("empty", "\"\"", "[body]", "ignore_missing"),
                body("whitespace", "\" \\t\\n\\u3000\"", "[body]", "ignore_missing"),
                body("null", "null", "[body]", "ignore_missing"),
                refused("missing", "", "{\"title\": \"x\"}", "[body]", "ignore_missing"),
                body("a list of nothing", "[\"\", null, []]", "[body]", "ignore_missing"),
                body("an object", "{\"text\": \"ice\"}", "[body]", "name the field inside it"),
                body("a number", "42", "[body]", "convert"),
                body("a flag", "true", "[body]", "convert"),
                body("a list with a number", "[\"ice\", 42]", "[body]", "convert"),
                body("a list with an object", "[\"ice\", {\"a\": 1}]", "[body]", "object"),
                refused(
                        "unknown model",
                        ", \"model_id\": \"no-such\"",
                        GOOD,
                        "[model_id]",
                        "[no-such]",
                        TestModels.EMBEDDING),
                refused(
                        "a reranker",
                        ", \"model_id\": \"" + TestModels.RERANKER + "\"",
                        GOOD,
                        "[model_id]",
                        "[reranker]",
                        TestModels.EMBEDDING),
                refused(
                        "model_id that climbs",
                        ", \"model_id\": \"../models/" + TestModels.EMBEDDING + "\"",
                        GOOD,
                        "[model_id]",
                        "[../models/"),
                refused(
                        "dimensions 65, the model has 64",
                        ", \"dimensions\": 65",
                        GOOD,
                        "[dimensions]",
                        "[65]",
                        "[64]"),
                refused(
                        "dimensions other than the mapping's",
                        ", \"dimensions\": 32",
                        GOOD,
                        "[vector]",
                        "[32]",
                        "[64]"),
                refused(
                        "max_length below the instruction",
                        ", \"max_length\": 5, \"instruction\": \"Find passages about ice\"",
                        GOOD,
                        "[instruction]",
                        "[max_length]",
                        "raise"),
                refused(
                        "max_length beyond the model",
                        ", \"max_length\": 1000000",
                        GOOD,
                        "[max_length]",
                        "[1000000]"),
                body("two texts and a null", "[\"ice\", null, [\"snow\"]]"),
                new BadDocument(
                        "1 MB of text, cut at the default length",
                        "",
                        "{\"body\": \"" + "ice and snow ".repeat(80_000) + "\"}",
                        201,
                        List.of()),
                body("1 MB of one word", "\"" + "x".repeat(1 << 20) + "\""),
                body("100,000 emoji", "\"" + "🧊".repeat(100_000) + "\""),
                body("100,000 combining accents", "\"e" + "\u0301".repeat(100_000) + "\""),
                body("a lone high surrogate", "\"ice \\ud83e age\""),
                body("a lone low surrogate", "\"\\udc00\""),
                body("NUL", "\"ice\\u0000age\""),
                body("control characters", "\"\\u0001\\u0007\\u001b[31m\\u0085\\ufeff\\uffff\""));
    }

    private static final String GOOD = "{\"body\": \"ice\"}";

    private static BadDocument body(String name, String value, String... says) {
        String pipeline = says.length == 0 ? ", \"max_length\": 512" : "";
        int status = says.length == 0 ? 201 : 400;
        return new BadDocument(name, pipeline, "{\"body\": " + value + "}", status, List.of(says));
    }

    private static BadDocument refused(
            String name, String pipeline, String document, String... says) {
        return new BadDocument(name, pipeline, document, 400, List.of(says));
    }

    @Override
    public String toString() {
        return name;
    }
}
