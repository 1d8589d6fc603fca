package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The index that is to be made.
 *
 * @param name of the index
 * @param textField field of the texts
 * @param analyzer of the texts
 * @param embedding null where no vectors are wanted
 * @param dimensions lengths of vectors, each in a field for each type
 * @param types how Elasticsearch is to index them
 */
record IndexPlan(
        String name,
        String textField,
        String analyzer,
        ModelAsked embedding,
        List<Integer> dimensions,
        List<String> types) {

    /** Member of {@code _meta} that says what the documents were made from. */
    static final String META = "qwen3_evaluate";

    /** The fields of vectors, named by length and type. */
    List<VectorField> vectors() {
        List<VectorField> fields = new ArrayList<>();
        if (embedding != null) {
            for (int length : dimensions) {
                types.forEach(
                        type ->
                                fields.add(
                                        new VectorField(
                                                "vector_" + length + "_" + type, length, type)));
            }
        }
        return fields;
    }

    /** Length of the vectors that the model is asked for; the others are cut from them. */
    int longest() {
        return dimensions.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** What the documents are made from: an index of anything else is not this one. */
    Map<String, String> origin(Corpus corpus) {
        Map<String, String> origin = new TreeMap<>();
        origin.put("corpus sha256", corpus.sha256());
        origin.put("analyzer", analyzer);
        if (embedding != null) {
            origin.put("embedding", embedding.id());
            origin.put("embedding sha256", embedding.identity());
            origin.put("embedding precision", embedding.precision());
            origin.put(
                    "embedding max_length",
                    embedding.maxLength() == null ? "default" : "" + embedding.maxLength());
        }
        return origin;
    }

    /**
     * The request that makes it: one shard, since a rescorer's window is per shard, and the stamp
     * by which the plugin's {@code verify_index} knows a model's vectors.
     */
    JsonObject body(Corpus corpus) {
        JsonObject settings = new JsonObject();
        settings.addProperty("number_of_shards", 1);
        settings.addProperty("number_of_replicas", 0);
        JsonObject properties = new JsonObject();
        JsonObject text = new JsonObject();
        text.addProperty("type", "text");
        text.addProperty("analyzer", analyzer);
        properties.add(textField, text);
        JsonObject stamps = new JsonObject();
        for (VectorField field : vectors()) {
            JsonObject vector = new JsonObject();
            vector.addProperty("type", "dense_vector");
            vector.addProperty("dims", field.dimensions());
            JsonObject options = new JsonObject();
            options.addProperty("type", field.type());
            vector.add("index_options", options);
            properties.add(field.name(), vector);
            JsonObject stamp = new JsonObject();
            stamp.addProperty("model_id", embedding.id());
            stamp.addProperty("dimensions", field.dimensions());
            stamps.add(field.name(), stamp);
        }
        JsonObject origin = new JsonObject();
        origin(corpus).forEach(origin::addProperty);
        JsonObject meta = SearchJson.object(META, origin);
        meta.add("qwen3", stamps);
        JsonObject mappings = SearchJson.object("_meta", meta);
        mappings.addProperty("dynamic", false);
        mappings.add("properties", properties);
        JsonObject body = SearchJson.object("settings", settings);
        body.add("mappings", mappings);
        return body;
    }
}
