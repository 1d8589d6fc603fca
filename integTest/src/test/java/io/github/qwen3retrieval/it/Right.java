package io.github.qwen3retrieval.it;

import static io.github.qwen3retrieval.it.SecretTexts.MARK;

import java.util.List;
import java.util.stream.Stream;

/**
 * A request and who may make it; others are refused with 403, and who is nobody with 401.
 *
 * @param name in the table of all of them
 * @param may users, each with the role of that name
 */
record Right(String name, String method, String path, String body, List<String> may) {

    /** Who sends no credentials. */
    static final String ANONYMOUS = "(no user)";

    /** Who may search. */
    private static final List<String> READERS =
            List.of("superuser", "reader", "without_body", "even_numbers");

    /** Status that this user is to see. */
    int expected(String user) {
        if (user.equals(ANONYMOUS)) {
            return 401;
        }
        return may.contains(user) ? 200 : 403;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Every request that somebody may not make. */
    static List<Right> all() {
        Stream<Right> searches =
                SecretTexts.searches().stream()
                        .map(
                                use ->
                                        right(
                                                use.name(),
                                                "POST",
                                                "secrets/_search",
                                                use.body(),
                                                READERS));
        String processor =
                "{ \"qwen3_embedding\": { \"field\": \"body\", \"target_field\": \"v\" } }";
        String document = "{ \"body\": \"" + MARK + "\" }";
        List<String> builders = List.of("superuser", "pipelines");
        List<String> watchers = List.of("superuser", "watcher", "all_routes");
        List<String> inferrers = List.of("superuser", "watcher", "inference", "all_routes");
        List<String> writers = List.of("superuser", "writer");
        return Stream.concat(
                        searches,
                        Stream.of(
                                right(
                                        "bulk through a pipeline",
                                        "POST",
                                        "written/_bulk?pipeline=embed",
                                        "{\"index\":{}}\n" + document + "\n",
                                        writers),
                                right(
                                        "PUT _ingest/pipeline",
                                        "PUT",
                                        "_ingest/pipeline/embed2",
                                        "{ \"processors\": [ " + processor + " ] }",
                                        builders),
                                right(
                                        "_ingest/pipeline/_simulate",
                                        "POST",
                                        "_ingest/pipeline/_simulate",
                                        "{ \"pipeline\": { \"processors\": [ "
                                                + processor
                                                + " ] }, \"docs\": [ { \"_source\": "
                                                + document
                                                + " } ] }",
                                        builders),
                                right("GET _qwen3/models", "GET", "_qwen3/models", null, watchers),
                                right("GET _qwen3/stats", "GET", "_qwen3/stats", null, watchers),
                                right(
                                        "GET _qwen3/v1/models",
                                        "GET",
                                        "_qwen3/v1/models",
                                        null,
                                        watchers),
                                right(
                                        "POST _qwen3/v1/embeddings",
                                        "POST",
                                        "_qwen3/v1/embeddings",
                                        "{ \"model\": \""
                                                + TestModels.EMBEDDING
                                                + "\", \"input\": \""
                                                + MARK
                                                + "\" }",
                                        inferrers),
                                right(
                                        "POST _qwen3/v1/rerank",
                                        "POST",
                                        "_qwen3/v1/rerank",
                                        "{ \"query\": \""
                                                + MARK
                                                + "\", \"documents\": [ \""
                                                + MARK
                                                + "\" ] }",
                                        inferrers),
                                right(
                                        "POST _qwen3/models/{id}/_reload",
                                        "POST",
                                        "_qwen3/models/" + TestModels.EMBEDDING + "/_reload",
                                        null,
                                        List.of("superuser"))))
                .toList();
    }

    private static Right right(
            String name, String method, String path, String body, List<String> may) {
        return new Right(name, method, path, body, may);
    }
}
