package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The top window reranked: by the rescorer in its two places, and by the retriever. */
@ExtendWith(SharedNode.class)
class RerankIT {

    private static final int WINDOW = 12;

    private static final String RERANKER =
            "\"field\": \"body\", \"query_text\": \"" + Articles.QUERY + "\"";

    private static final String KNN =
            Template.fill(
                    """
            { "field": "vector", "k": 12, "num_candidates": 12, "query_vector_builder": {
                "qwen3_embedding": { "model_text": "%s" } } }
            """,
                    Articles.QUERY);

    private final NodeClient client;
    private final CommandLine qwen3;

    RerankIT(RealNode node) {
        client = node.client();
        qwen3 = new CommandLine(node.installation());
    }

    @BeforeAll
    static void index(RealNode node) throws Exception {
        Articles.index(node.client(), "rerank-1", 1, "");
        Articles.index(node.client(), "rerank-3", 3, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rerank-1", "rerank-3"})
    void allWaysGiveTheScoresOfTheCommandLine(String index) throws Exception {
        Hits expected = expected();
        for (String body :
                List.of(
                        rescored("\"query\": { \"match_all\": {} }", WINDOW),
                        rescored("\"knn\": " + KNN, WINDOW),
                        Template.fill(
                                """
                        { "size": 12, "retriever": { "rescorer": {
                            "retriever": { "knn": %s },
                            "rescore": { "window_size": 12, "qwen3_reranker": { %s } } } } }
                        """,
                                KNN, RERANKER),
                        Template.fill(
                                """
                        { "size": 12, "retriever": { "qwen3_reranker": { %s,
                            "retriever": { "knn": %s }, "rank_window_size": 12 } } }
                        """,
                                RERANKER, KNN),
                        Template.fill(
                                """
                        { "size": 12, "retriever": { "qwen3_reranker": { %s,
                            "retrievers": [
                              { "standard": { "query": { "match_all": {} } } },
                              { "knn": %s } ],
                            "rank_window_size": 12 } } }
                        """,
                                RERANKER, KNN))) {
            search(index, body).assertSame(expected, 1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rerank-1", "rerank-3"})
    void pagesAreCompleteAndInOrder(String index) throws Exception {
        List<String> whole = expected().ids();
        List<String> paged = new ArrayList<>();
        List<String> pagedByRetriever = new ArrayList<>();
        for (int from = 0; from < WINDOW; from += 5) {
            String page = "\"from\": " + from + ", \"size\": " + Math.min(5, WINDOW - from);
            paged.addAll(
                    search(
                                    index,
                                    Template.fill(
                                            """
                                    { %s, "query": { "match_all": {} }, "rescore": {
                                        "window_size": 12, "qwen3_reranker": { %s } } }
                                    """,
                                            page, RERANKER))
                            .ids());
            pagedByRetriever.addAll(
                    search(
                                    index,
                                    Template.fill(
                                            """
                                    { %s, "retriever": { "qwen3_reranker": { %s,
                                        "retriever": { "knn": %s }, "rank_window_size": 12 } } }
                                    """,
                                            page, RERANKER, KNN))
                            .ids());
        }
        assertEquals(whole, paged);
        assertEquals(whole, pagedByRetriever);
    }

    @Test
    void explainShowsWhatTheModelSaid() throws Exception {
        JsonNode hit =
                client.post(
                                "rerank-1/_search",
                                Template.fill(
                                        """
                                { "explain": true, "size": 1, "query": { "match_all": {} },
                                  "rescore": { "window_size": 12, "qwen3_reranker": { %s } } }
                                """,
                                        RERANKER))
                        .ok()
                        .body()
                        .at("/hits/hits/0");
        JsonNode explanation = hit.get("_explanation");
        assertEquals(hit.get("_score").asDouble(), explanation.get("value").asDouble(), 1e-5);
        String description = explanation.get("description").asText();
        assertTrue(description.contains("P(yes) by model [" + TestModels.RERANKER + "]"));
        double yes = explanation.at("/details/0/value").asDouble();
        double no = explanation.at("/details/1/value").asDouble();
        assertEquals(hit.get("_score").asDouble(), 1 / (1 + Math.exp(no - yes)), 1e-5);
    }

    @Test
    void aWindowSmallerThanThePageIsRefused() throws Exception {
        NodeClient.Answer answer =
                client.post(
                        "rerank-1/_search",
                        rescored("\"query\": { \"match_all\": {} }", WINDOW - 1));
        assertEquals(400, answer.status());
        assertTrue(answer.reason().contains("[window_size]"), answer.reason());
    }

    private static String rescored(String firstStage, int window) {
        return Template.fill(
                """
        { "size": 12, %s, "rescore": { "window_size": %d, "qwen3_reranker": { %s } } }
        """,
                firstStage, window, RERANKER);
    }

    /** All documents by the command line's score. */
    private Hits expected() throws Exception {
        List<Double> scores = qwen3.rerank(Articles.TEXTS, "--query", Articles.QUERY);
        List<Hits.Hit> hits = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            hits.add(new Hits.Hit(Integer.toString(i), scores.get(i)));
        }
        hits.sort(Comparator.comparingDouble(Hits.Hit::score).reversed());
        return new Hits(hits);
    }

    private Hits search(String index, String body) throws IOException {
        return Hits.of(client.post(index + "/_search", body));
    }
}
