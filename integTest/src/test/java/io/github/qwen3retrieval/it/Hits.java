package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The hits of a search, as a user reads them: id and score, in their order. */
record Hits(List<Hit> hits) {

    record Hit(String id, double score) {}

    /** Of an answer to {@code _search}, all shards of which must have answered. */
    static Hits of(NodeClient.Answer answer) {
        JsonNode body = answer.ok().body();
        assertEquals(0, body.get("_shards").get("failed").asInt(), body.toString());
        List<Hit> hits = new ArrayList<>();
        for (JsonNode hit : body.get("hits").get("hits")) {
            hits.add(new Hit(hit.get("_id").asText(), hit.get("_score").asDouble()));
        }
        return new Hits(hits);
    }

    List<String> ids() {
        return hits.stream().map(Hit::id).toList();
    }

    /** The score of each document. */
    Map<String, Double> scores() {
        return hits.stream().collect(Collectors.toMap(Hit::id, Hit::score));
    }

    /** The same documents in the same order with, to the tolerance, the same scores. */
    void assertSame(Hits other, double tolerance) {
        assertEquals(ids(), other.ids());
        for (int i = 0; i < hits.size(); i++) {
            assertEquals(hits.get(i).score, other.hits.get(i).score, tolerance, "hit " + i);
        }
    }
}
