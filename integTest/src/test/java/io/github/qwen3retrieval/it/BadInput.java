package io.github.qwen3retrieval.it;

import java.util.List;
import java.util.Locale;

/**
 * One wrong request, or a strange one that works, and what the user is to see.
 *
 * @param name what is strange about it, as the table of all of them says it
 * @param method of HTTP
 * @param path of the request
 * @param body of the request
 * @param status expected HTTP status
 * @param says fragments that the error's first reason must contain: the parameter, the value, the
 *     remedy; for an answer without an error fragments of its body
 */
record BadInput(
        String name, String method, String path, String body, int status, List<String> says) {

    /** A pipeline of one processor {@code qwen3_embedding} with these parameters; refused. */
    static BadInput processor(String name, String parameters, String... says) {
        String body =
                String.format(
                        Locale.ROOT, "{\"processors\": [{\"qwen3_embedding\": {%s}}]}", parameters);
        return new BadInput(
                "processor: " + name, "PUT", "_ingest/pipeline/bad", body, 400, List.of(says));
    }

    /** A knn search with these parameters of the query vector builder; refused. */
    static BadInput query(String name, String parameters, String... says) {
        return query(name, parameters, 400, says);
    }

    /** A knn search with these parameters of the query vector builder. */
    static BadInput query(String name, String parameters, int status, String... says) {
        String body =
                """
                {"knn": {"field": "vector", "k": 3, "num_candidates": 10,
                         "query_vector_builder": {"qwen3_embedding": {%s}}}}
                """;
        return search("query: " + name, String.format(Locale.ROOT, body, parameters), status, says);
    }

    /** A search with these parameters of the rescorer, over a window of 10; refused. */
    static BadInput rescorer(String name, String parameters, String... says) {
        return rescorer(name, parameters, 400, says);
    }

    /** A search with these parameters of the rescorer, over a window of 10. */
    static BadInput rescorer(String name, String parameters, int status, String... says) {
        String body = "{\"rescore\": {\"window_size\": 10, \"qwen3_reranker\": {%s}}}";
        return search(
                "rescorer: " + name, String.format(Locale.ROOT, body, parameters), status, says);
    }

    /** A search with these parameters of the retriever; refused. */
    static BadInput retriever(String name, String parameters, String... says) {
        return retriever(name, parameters, 400, says);
    }

    /** A search with these parameters of the retriever. */
    static BadInput retriever(String name, String parameters, int status, String... says) {
        String body =
                String.format(
                        Locale.ROOT, "{\"retriever\": {\"qwen3_reranker\": {%s}}}", parameters);
        return search("retriever: " + name, body, status, says);
    }

    /** A search. */
    static BadInput search(String name, String body, int status, String... says) {
        return new BadInput(name, "POST", "docs/_search", body, status, List.of(says));
    }

    @Override
    public String toString() {
        return name;
    }
}
