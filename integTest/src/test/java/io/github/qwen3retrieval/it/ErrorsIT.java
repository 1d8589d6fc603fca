package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong requests: each is answered with its status and with words that name what is wrong. */
@ExtendWith(SharedNode.class)
class ErrorsIT {

    private final NodeClient client;

    ErrorsIT(RealNode node) {
        client = node.client();
    }

    @BeforeAll
    static void index(RealNode node) throws Exception {
        Articles.index(node.client(), "errors", 1, "");
    }

    /**
     * A wrong request.
     *
     * @param status what it is answered with
     * @param words what the answer says
     */
    private record Wrong(String method, String path, String body, int status, String words) {

        @Override
        public String toString() {
            return words + " <- " + body.strip().replaceAll("\\s+", " ");
        }
    }

    static Stream<Wrong> wrong() {
        return Stream.of(pipelines(), documents(), queries(), rescorers(), retrievers())
                .flatMap(s -> s);
    }

    private static Stream<Wrong> pipelines() {
        return Stream.of(
                pipeline("\"target_field\": \"v\"", "[field]"),
                pipeline("\"field\": \"body\"", "[target_field]"),
                pipeline("\"field\": 7, \"target_field\": \"v\"", "[field]"),
                pipeline(body("\"dimension\": 64"), "[dimension]"),
                pipeline(body("\"dimensions\": 31"), "must be at least [32], got [31]"),
                pipeline(body("\"dimensions\": 0"), "must be at least [32], got [0]"),
                pipeline(body("\"dimensions\": \"many\""), "[dimensions]"),
                pipeline(body("\"max_length\": 1"), "must be at least [2], got [1]"),
                pipeline(body("\"model_id\": \" \""), "[model_id]"),
                pipeline(body("\"ignore_missing\": \"maybe\""), "[ignore_missing]"),
                pipeline("\"input_output\": []", "[input_output]"),
                pipeline("\"input_output\": \"body\"", "[input_output]"),
                pipeline(body("\"input_output\": [{}]"), "input_output"));
    }

    private static String body(String more) {
        return "\"field\": \"body\", \"target_field\": \"v\", " + more;
    }

    private static Wrong pipeline(String parameters, String words) {
        String body = "{ \"processors\": [ { \"qwen3_embedding\": { " + parameters + " } } ] }";
        return new Wrong("PUT", "_ingest/pipeline/wrong", body, 400, words);
    }

    private static Stream<Wrong> documents() {
        return Stream.of(
                document("", "{}", "[body]"),
                document("", "{ \"body\": null }", "[body]"),
                document("", "{ \"body\": { \"text\": \"nested\" } }", "[body]"),
                document("", "{ \"body\": [ \"a\", { } ] }", "[body]"),
                document(", \"dimensions\": 65", "{ \"body\": \"x\" }", "[dimensions]"),
                document(", \"max_length\": 40000", "{ \"body\": \"x\" }", "[max_length]"),
                document(", \"model_id\": \"none\"", "{ \"body\": \"x\" }", "[none]"),
                document(", \"model_id\": \"../models\"", "{ \"body\": \"x\" }", "[../models]"),
                document(
                        ", \"model_id\": \"" + TestModels.RERANKER + "\"",
                        "{ \"body\": \"x\" }",
                        "[reranker]"));
    }

    private static Wrong document(String parameters, String source, String words) {
        return new Wrong(
                "POST",
                "_ingest/pipeline/_simulate",
                Template.fill(
                        """
                { "pipeline": { "processors": [ { "qwen3_embedding": {
                      "field": "body", "target_field": "v" %s } } ] },
                  "docs": [ { "_source": %s } ] }
                """,
                        parameters, source),
                200,
                words);
    }

    private static Stream<Wrong> queries() {
        String text = "\"model_text\": \"x\"";
        return Stream.of(
                query("", "[model_text]"),
                query("\"model_text\": \"\"", "[model_text]"),
                query("\"model_text\": [\"x\"]", "model_text"),
                query(text + ", \"dimensions\": 32", "dimension"),
                query(text + ", \"dimensions\": 31", "[31]"),
                query(text + ", \"dimensions\": 4096", "[dimensions]"),
                query(text + ", \"task\": \"x\"", "[task]"),
                query(text + ", \"model_id\": \"none\"", "[none]"),
                query(text + ", \"max_length\": 0", "[max_length]"),
                query(text + ", \"model_id\": \"" + TestModels.RERANKER + "\"", "[reranker]"));
    }

    private static Wrong query(String parameters, String words) {
        return search(
                Template.fill(
                        """
                { "knn": { "field": "vector", "k": 1, "num_candidates": 1,
                    "query_vector_builder": { "qwen3_embedding": { %s } } } }
                """,
                        parameters),
                words);
    }

    private static Stream<Wrong> rescorers() {
        String ok = "\"field\": \"body\", \"query_text\": \"x\"";
        return Stream.of(
                rescorer("\"query_text\": \"x\"", "[field]"),
                rescorer("\"field\": \"body\"", "[query_text]"),
                rescorer("\"field\": [], \"query_text\": \"x\"", "[field]"),
                rescorer("\"field\": \"body*\", \"query_text\": \"x\"", "[field]"),
                rescorer("\"field\": \"body\", \"query_text\": \" \"", "[query_text]"),
                rescorer(ok + ", \"timeout\": \"0ms\"", "[timeout]"),
                rescorer(ok + ", \"timeout\": \"soon\"", "timeout"),
                rescorer(ok + ", \"on_failure\": \"panic\"", "[panic]"),
                rescorer(ok + ", \"max_length\": 0", "[max_length]"),
                rescorer(ok + ", \"max_length\": 20", "[max_length]"),
                rescorer(ok + ", \"max_length\": 40000", "[max_length]"),
                rescorer(ok + ", \"min_score\": 1", "[min_score]"),
                rescorer(ok + ", \"model_id\": \"none\"", "[none]"),
                rescorer(ok + ", \"model_id\": \"" + TestModels.EMBEDDING + "\"", "[embedding]"),
                search("{ \"rescore\": { \"qwen3_reranker\": { " + ok + " } } }", "window_size"),
                search(
                        "{ \"size\": 20, \"rescore\": { \"window_size\": 19,"
                                + " \"qwen3_reranker\": { "
                                + ok
                                + " } } }",
                        "[window_size: 19]"),
                search(
                        "{ \"rescore\": { \"window_size\": 10001, \"qwen3_reranker\": { "
                                + ok
                                + " } } }",
                        "10000"),
                search(
                        "{ \"sort\": \"number\", \"rescore\": { \"window_size\": 10,"
                                + " \"qwen3_reranker\": { "
                                + ok
                                + " } } }",
                        "sort"));
    }

    private static Wrong rescorer(String parameters, String words) {
        return search(
                "{ \"rescore\": { \"window_size\": 10, \"qwen3_reranker\": { "
                        + parameters
                        + " } } }",
                words);
    }

    private static Stream<Wrong> retrievers() {
        String ok = "\"field\": \"body\", \"query_text\": \"x\"";
        String child = "\"retriever\": { \"standard\": {} }";
        return Stream.of(
                retriever(ok, "[retriever]"),
                retriever(ok + ", \"retrievers\": []", "[retrievers]"),
                retriever(ok + ", " + child + ", \"retrievers\": [{ \"standard\": {} }]", "both"),
                retriever(child + ", \"query_text\": \"x\"", "[field]"),
                retriever(child + ", " + ok + ", \"rank_window_size\": 0", "rank_window_size"),
                search(
                        "{ \"size\": 6, \"retriever\": { \"qwen3_reranker\": { \"rank_window_size\": 5, "
                                + child
                                + ", "
                                + ok
                                + " } } }",
                        "rank_window_size"),
                retriever(child + ", " + ok + ", \"window\": 5", "[window]"));
    }

    private static Wrong retriever(String parameters, String words) {
        return search("{ \"retriever\": { \"qwen3_reranker\": { " + parameters + " } } }", words);
    }

    private static Wrong search(String body, String words) {
        return new Wrong("POST", "errors/_search", body, 400, words);
    }

    @ParameterizedTest
    @MethodSource
    void wrong(Wrong wrong) throws Exception {
        NodeClient.Answer answer = client.send(wrong.method, wrong.path, wrong.body);
        String said = answer.body().toString();
        assertEquals(wrong.status, answer.status(), said);
        assertTrue(said.contains(wrong.words), said);
        // a simulated document carries its failure inside
        assertTrue(said.contains("\"error\":"), said);
        assertFalse(said.contains("null_pointer") || said.contains("illegal_state"), said);
    }

    @Test
    void anUnknownPathNamesItself() throws Exception {
        assertEquals(400, client.get("_qwen3/nothing").status());
        assertEquals(400, client.get("_qwen3/models?verbose").status());
        assertEquals(405, client.post("_qwen3/models", "{}").status());
    }
}
