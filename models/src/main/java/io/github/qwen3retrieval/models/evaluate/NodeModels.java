package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** The models of a cluster, as {@code GET _qwen3/models} tells of them. */
final class NodeModels {

    private final Node node;
    private final Map<String, JsonObject> models = new LinkedHashMap<>();

    /**
     * Asks the node.
     *
     * @throws IllegalArgumentException if the node lacks the plugin
     */
    NodeModels(Node node) throws IOException, InterruptedException {
        this.node = node;
        JsonObject answer;
        try {
            answer = node.get("_qwen3/models");
        } catch (NodeRefusedException e) {
            if (e.status() == 400 || e.status() == 404) {
                throw new IllegalArgumentException(
                        "[--node] ["
                                + node
                                + "] has not the plugin [qwen3-retrieval]: install it there",
                        e);
            }
            throw e;
        }
        for (JsonElement each : answer.getAsJsonObject("nodes").asMap().values()) {
            for (JsonElement model : each.getAsJsonObject().getAsJsonArray("models")) {
                JsonObject object = model.getAsJsonObject();
                if (object.has("kind")) {
                    models.putIfAbsent(object.get("model_id").getAsString(), object);
                }
            }
        }
    }

    /**
     * A model of a kind.
     *
     * @param option that names it, for messages
     * @param id as given, or null for the only one there is
     * @param precision that it must have, or null
     * @throws IllegalArgumentException if there is no such model, naming those there are, or it
     *     computes in another precision
     */
    ModelAsked get(
            String option,
            String kind,
            String id,
            String precision,
            String instruction,
            Integer maxLength) {
        TreeSet<String> there = new TreeSet<>();
        models.forEach(
                (name, model) -> {
                    if (kind.equals(model.get("kind").getAsString())) {
                        there.add(name);
                    }
                });
        String chosen = id == null && there.size() == 1 ? there.first() : id;
        if (chosen == null || there.contains(chosen) == false) {
            throw new IllegalArgumentException(
                    "["
                            + option
                            + "] "
                            + (chosen == null
                                    ? "is not given"
                                    : "[" + chosen + "] is no model of kind [" + kind + "]")
                            + ": those on ["
                            + node
                            + "] are "
                            + there);
        }
        JsonObject model = models.get(chosen);
        String computed = text(model, "precision");
        if (precision != null && precision.equals(computed) == false) {
            throw new IllegalArgumentException(
                    "[--precision] is ["
                            + precision
                            + "], but the node runs ["
                            + chosen
                            + "] in ["
                            + computed
                            + "]: set [qwen3.model."
                            + chosen
                            + ".precision: "
                            + precision
                            + "] in elasticsearch.yml and restart it");
        }
        int hiddenSize = model.has("hidden_size") ? model.get("hidden_size").getAsInt() : 0;
        String sha256 = text(model, "sha256");
        return new ModelAsked(chosen, sha256, computed, hiddenSize, instruction, maxLength);
    }

    private static String text(JsonObject model, String member) {
        return model.has(member) ? model.get(member).getAsString() : "";
    }
}
