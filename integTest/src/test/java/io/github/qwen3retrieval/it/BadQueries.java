package io.github.qwen3retrieval.it;

import static io.github.qwen3retrieval.it.BadInput.query;
import static io.github.qwen3retrieval.it.BadInput.search;

import java.util.List;

/** What can be wrong where the text of a search becomes its vector. */
final class BadQueries {

    private static final String TEXT = "\"model_text\": \"ice\", ";

    private BadQueries() {}

    static List<BadInput> all() {
        return List.of(
                query("no parameters", "", "[model_text]", "required"),
                query("model_text blank", "\"model_text\": \" \\n\"", "[model_text]", "blank"),
                query("model_text null", "\"model_text\": null", "model_text", "NULL"),
                query("model_text a number", "\"model_text\": 5", "model_text", "NUMBER"),
                query("model_text a list", "\"model_text\": [\"ice\"]", "model_text", "ARRAY"),
                query("unknown parameter", TEXT + "\"text\": \"x\"", "[text]", "model_text"),
                query(
                        "unknown model",
                        TEXT + "\"model_id\": \"no-such\"",
                        "[model_id]",
                        "[no-such]",
                        TestModels.EMBEDDING),
                query(
                        "a reranker",
                        TEXT + "\"model_id\": \"" + TestModels.RERANKER + "\"",
                        "[model_id]",
                        "[reranker]",
                        "[embedding]",
                        TestModels.EMBEDDING),
                query(
                        "model_id that climbs",
                        TEXT + "\"model_id\": \"../../elasticsearch.yml\"",
                        "[model_id]",
                        "[../../elasticsearch.yml]"),
                query(
                        "model_id an absolute path",
                        TEXT + "\"model_id\": \"/etc\"",
                        "[model_id]",
                        "[/etc]"),
                query("instruction blank", TEXT + "\"instruction\": \"\"", "[instruction]"),
                query("dimensions 0", TEXT + "\"dimensions\": 0", "[dimensions]", "[32]", "[0]"),
                query("dimensions 31", TEXT + "\"dimensions\": 31", "[dimensions]", "[31]"),
                query(
                        "dimensions 65, the model has 64",
                        TEXT + "\"dimensions\": 65",
                        "[dimensions]",
                        "between [32] and [64]",
                        "[65]"),
                query("dimensions other than the field's", TEXT + "\"dimensions\": 32", "32", "64"),
                query(
                        "dimensions a word",
                        TEXT + "\"dimensions\": \"many\"",
                        "[dimensions]",
                        "many"),
                query("dimensions 33.5", TEXT + "\"dimensions\": 33.5", "[dimensions]", "33.5"),
                query("max_length 0", TEXT + "\"max_length\": 0", "[max_length]", "[0]"),
                query(
                        "max_length beyond the model",
                        TEXT + "\"max_length\": 1000000",
                        "[max_length]",
                        "[1000000]"),
                query(
                        "max_length below the instruction",
                        TEXT + "\"max_length\": 10",
                        "[max_length]",
                        "[10]",
                        "raise"),
                search(
                        "query: field without vectors",
                        """
                        {"query": {"knn": {"field": "body", "query_vector_builder": {
                            "qwen3_embedding": {"model_text": "ice"}}}}}
                        """,
                        400,
                        "[knn]",
                        "[dense_vector]"),
                search(
                        "query: misspelt builder",
                        """
                        {"retriever": {"knn": {"field": "vector", "k": 3, "num_candidates": 5,
                            "query_vector_builder": {"qwen3_embeding": {"model_text": "ice"}}}}}
                        """,
                        400,
                        "qwen3_embeding"),
                query("1 MB of text", text("ice ".repeat(1 << 18)), 200, "\"_score\""),
                query("1 MB of one word", text("x".repeat(1 << 20)), 200, "\"_score\""),
                query("100,000 emoji", text("🧊".repeat(100_000)), 200, "\"_score\""),
                query("lone surrogate", text("ice \\ud83e age"), 200, "\"_score\""),
                query("control characters", text("\\u0000\\u0007\\u001b[2J"), 200, "\"_score\""));
    }

    private static String text(String json) {
        return "\"max_length\": 512, \"model_text\": \"" + json + "\"";
    }
}
