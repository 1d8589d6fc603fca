package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Searches an index of a node. */
final class NodeSearcher implements Searcher {

    /** Not among the queries of any collection, so that no cache answers one of them. */
    private static final Query WARMING = new Query("", "a query to open the models with");

    private final Node node;
    private final String index;
    private final SearchBodies bodies;
    private final Plan plan;
    private final Map<String, String> common;
    private final boolean reload;

    /**
     * Over an index that holds what the bodies ask for.
     *
     * @param common parameters of every row
     * @param reload whether models are opened anew before each row
     */
    NodeSearcher(
            Node node,
            String index,
            SearchBodies bodies,
            Plan plan,
            Map<String, String> common,
            boolean reload) {
        this.node = node;
        this.index = Node.part(index);
        this.bodies = bodies;
        this.plan = plan;
        this.common = common;
        this.reload = reload;
    }

    @Override
    public Map<String, String> parameters(Row row) {
        Map<String, String> parameters = new TreeMap<>(common);
        parameters.put("row", row.label());
        parameters.put("size", "" + plan.size(row));
        parameters.put("text fields", String.join(", ", bodies.textFields()));
        if (row.embeds()) {
            parameters.put("vector field", row.field().name());
            parameters.put("num_candidates", "" + bodies.numCandidates());
            bodies.embedding().describe("embedding", parameters);
        }
        if (row.reranks()) {
            bodies.reranker().describe("reranker", parameters);
        }
        return parameters;
    }

    @Override
    public void prepare(Row row) throws IOException, InterruptedException {
        if (reload && row.embeds()) {
            reload(bodies.embedding());
        }
        if (reload && row.reranks()) {
            reload(bodies.reranker());
        }
        try {
            search(row, WARMING);
        } catch (SearchFailedException e) {
            // each query of the row will say so
        }
    }

    @Override
    public Answer search(Row row, Query query) throws IOException, InterruptedException {
        if (row.stage() == Stage.HYBRID && row.reranks() == false) {
            return fused(row, query);
        }
        String body = bodies.search(row, query, plan.size(row)).toString();
        Node.Reply reply = node.send("POST", index + "/_search", body);
        return new Answer(hits(reply.body()), reply.millis());
    }

    @Override
    public long cached() throws IOException, InterruptedException {
        JsonObject nodes;
        try {
            nodes = node.get("_qwen3/stats").getAsJsonObject("nodes");
        } catch (NodeRefusedException e) {
            // a node without the plugin has no such cache; a user without the right sees none
            return 0;
        }
        long hits = 0;
        for (JsonElement each : nodes.asMap().values()) {
            JsonObject caches = each.getAsJsonObject().getAsJsonObject("caches");
            for (JsonElement cache : caches.asMap().values()) {
                hits += cache.getAsJsonObject().get("hits").getAsLong();
            }
        }
        return hits;
    }

    @Override
    public void close() {
        node.close();
    }

    /** Both stages in one request, which the node answers side by side. */
    private Answer fused(Row row, Query query) throws IOException, InterruptedException {
        int size = plan.size(row);
        StringBuilder lines = new StringBuilder();
        for (Row stage :
                List.of(new Row(Stage.BM25, null, 0), new Row(Stage.KNN, row.field(), 0))) {
            lines.append("{}\n").append(bodies.search(stage, query, size)).append('\n');
        }
        Node.Reply reply = node.send("POST", index + "/_msearch", lines.toString());
        long started = System.nanoTime();
        List<List<Hit>> lists = new ArrayList<>();
        for (JsonElement each : reply.body().getAsJsonArray("responses")) {
            lists.add(hits(each.getAsJsonObject()));
        }
        List<Hit> fused = Fusion.of(lists, size);
        return new Answer(fused, reply.millis() + (System.nanoTime() - started) / 1e6);
    }

    /** The hits of an answer, which must be whole. */
    private static List<Hit> hits(JsonObject answer) throws SearchFailedException {
        if (answer.has("error")) {
            throw new SearchFailedException(
                    "status ["
                            + answer.get("status").getAsInt()
                            + "]: "
                            + answer.getAsJsonObject("error").get("reason").getAsString());
        }
        int failed = answer.getAsJsonObject("_shards").get("failed").getAsInt();
        if (failed > 0 || answer.get("timed_out").getAsBoolean()) {
            throw new SearchFailedException(
                    "the answer is not whole: ["
                            + failed
                            + "] shards failed, timed_out ["
                            + answer.get("timed_out").getAsBoolean()
                            + "]; the node's log says why");
        }
        List<Hit> hits = new ArrayList<>();
        for (JsonElement each : answer.getAsJsonObject("hits").getAsJsonArray("hits")) {
            JsonObject hit = each.getAsJsonObject();
            hits.add(new Hit(hit.get("_id").getAsString(), hit.get("_score").getAsDouble()));
        }
        return hits;
    }

    /**
     * Opens a model anew, which empties its caches; where that is refused, hits are counted still.
     */
    private void reload(ModelAsked model) throws IOException, InterruptedException {
        try {
            node.send("POST", "_qwen3/models/" + Node.part(model.id()) + "/_reload", null);
        } catch (SearchFailedException e) {
            // a service's model, no room for a second one, or no right to: Evaluation tells of hits
        }
    }
}
