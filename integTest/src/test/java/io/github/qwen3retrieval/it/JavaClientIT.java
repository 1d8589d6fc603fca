package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.json.JsonData;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The official Java client, typed as far as its types are open to plugins. */
@ExtendWith(SharedNode.class)
class JavaClientIT {

    private static final String INDEX = "java-client";

    private final ElasticsearchClient client;
    private final CommandLine qwen3;

    JavaClientIT(RealNode node) {
        client = node.client().java();
        qwen3 = new CommandLine(node.installation());
    }

    /** A document of the index. */
    record Article(String body) {}

    @Test
    void ingestsAndReranks() throws Exception {
        client.ingest()
                .putPipeline(
                        p ->
                                p.id("java-embed")
                                        .processors(
                                                s ->
                                                        s._custom(
                                                                "qwen3_embedding",
                                                                JsonData.of(
                                                                        Map.of(
                                                                                "field",
                                                                                "body",
                                                                                "target_field",
                                                                                "vector")))));
        assertFalse(
                client.bulk(
                                b -> {
                                    b.index(INDEX).pipeline("java-embed").refresh(Refresh.True);
                                    for (int i = 0; i < Articles.TEXTS.size(); i++) {
                                        String id = Integer.toString(i);
                                        Article article = new Article(Articles.TEXTS.get(i));
                                        b.operations(o -> o.index(x -> x.id(id).document(article)));
                                    }
                                    return b;
                                })
                        .errors());
        Map<String, Object> reranker =
                Map.of("field", "body", "query_text", Articles.QUERY, "timeout", "1m");
        SearchResponse<JsonNode> response =
                client.search(
                        s ->
                                s.index(INDEX)
                                        .size(12)
                                        .rescore(
                                                r ->
                                                        r.windowSize(12)
                                                                ._custom(
                                                                        "qwen3_reranker",
                                                                        reranker)),
                        JsonNode.class);
        List<Double> scores = qwen3.rerank(Articles.TEXTS, "--query", Articles.QUERY);
        assertEquals(12, response.hits().hits().size());
        response.hits()
                .hits()
                .forEach(
                        hit ->
                                assertEquals(
                                        scores.get(Integer.parseInt(hit.id())), hit.score(), 1e-5));
    }
}
