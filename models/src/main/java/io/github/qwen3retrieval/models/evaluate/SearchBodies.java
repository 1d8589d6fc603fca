package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * Requests to the search API, with the plugin's query DSL.
 *
 * @param textFields what BM25 searches and the reranker reads
 * @param embedding null where no row embeds
 * @param reranker null where no row reranks
 * @param numCandidates of kNN on each shard, at least k
 */
record SearchBodies(
        List<String> textFields, ModelAsked embedding, ModelAsked reranker, int numCandidates) {

    private static final String REFUSE = "fail";

    /**
     * A search of one stage, reranked where the row says so.
     *
     * @param size hits to return
     */
    JsonObject search(Row row, Query query, int size) {
        JsonObject body = new JsonObject();
        body.addProperty("size", size);
        body.addProperty("_source", false);
        body.addProperty("track_total_hits", false);
        switch (row.stage()) {
            case BM25 -> body.add("query", words(query));
            case KNN -> body.add("knn", knn(row, query, row.reranks() ? row.window() : size));
            case HYBRID -> body.add("retriever", union(row, query));
            default -> throw new AssertionError(row);
        }
        if (row.reranks() && row.stage() != Stage.HYBRID) {
            body.add("rescore", rescore(row, query));
        }
        return body;
    }

    /** BM25 over the text fields. */
    private JsonObject words(Query query) {
        JsonObject clause = new JsonObject();
        if (textFields.size() == 1) {
            JsonObject match = new JsonObject();
            match.addProperty("query", query.text());
            clause.add(textFields.get(0), match);
            return SearchJson.object("match", clause);
        }
        clause.addProperty("query", query.text());
        clause.add("fields", SearchJson.array(textFields));
        return SearchJson.object("multi_match", clause);
    }

    private JsonObject knn(Row row, Query query, int k) {
        JsonObject model = new JsonObject();
        model.addProperty("model_text", query.text());
        model.addProperty("model_id", embedding.id());
        model.addProperty("dimensions", row.field().dimensions());
        ask(embedding, model);
        JsonObject knn = new JsonObject();
        knn.addProperty("field", row.field().name());
        knn.addProperty("k", k);
        knn.addProperty("num_candidates", Math.max(k, numCandidates));
        knn.add("query_vector_builder", SearchJson.object("qwen3_embedding", model));
        return knn;
    }

    private JsonObject rescore(Row row, Query query) {
        JsonObject rescore = new JsonObject();
        rescore.addProperty("window_size", row.window());
        rescore.add("qwen3_reranker", reranking(query));
        return rescore;
    }

    /** The plugin's retriever: the union of both stages' candidates, reranked once. */
    private JsonObject union(Row row, Query query) {
        JsonArray retrievers = new JsonArray();
        retrievers.add(SearchJson.object("standard", SearchJson.object("query", words(query))));
        retrievers.add(SearchJson.object("knn", knn(row, query, row.window())));
        JsonObject reranker = reranking(query);
        reranker.addProperty("rank_window_size", row.window());
        reranker.add("retrievers", retrievers);
        return SearchJson.object("qwen3_reranker", reranker);
    }

    private JsonObject reranking(Query query) {
        JsonObject reranking = new JsonObject();
        reranking.add("field", SearchJson.array(textFields));
        reranking.addProperty("query_text", query.text());
        reranking.addProperty("model_id", reranker.id());
        reranking.addProperty("on_failure", REFUSE);
        ask(reranker, reranking);
        return reranking;
    }

    private static void ask(ModelAsked model, JsonObject parameters) {
        if (model.instruction() != null) {
            parameters.addProperty("instruction", model.instruction());
        }
        if (model.maxLength() != null) {
            parameters.addProperty("max_length", model.maxLength());
        }
    }
}
