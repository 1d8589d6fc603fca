package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an index holds: its fields, and whether documents are there. */
final class NodeIndex {

    private static final int LOOKED_UP = 1000;

    private final Node node;
    private final String name;
    private final Map<String, JsonObject> fields = new TreeMap<>();
    private final JsonObject meta;

    private NodeIndex(Node node, String name, JsonObject mapping) {
        this.node = node;
        this.name = name;
        this.meta = mapping.has("_meta") ? mapping.getAsJsonObject("_meta") : new JsonObject();
        collect("", mapping);
    }

    /** Reads its mapping; null where there is no such index. */
    static NodeIndex find(Node node, String name) throws IOException, InterruptedException {
        try {
            JsonObject indices = node.get(Node.part(name) + "/_mapping");
            if (indices.size() == 0) {
                return null;
            }
            // of an alias, that of its first index: what differs in others fails in the searches
            JsonElement first = indices.asMap().values().iterator().next();
            return new NodeIndex(node, name, first.getAsJsonObject().getAsJsonObject("mappings"));
        } catch (NodeRefusedException e) {
            if (e.status() == 404) {
                return null;
            }
            throw e;
        }
    }

    /** What its maker wrote beside its mapping. */
    JsonObject meta() {
        return meta;
    }

    /** UUIDs of the index or indices: one that is made anew has another. */
    String uuid() throws IOException, InterruptedException {
        JsonObject indices = node.get(Node.part(name) + "/_settings");
        TreeSet<String> uuids = new TreeSet<>();
        for (JsonElement index : indices.asMap().values()) {
            JsonObject settings = index.getAsJsonObject().getAsJsonObject("settings");
            uuids.add(settings.getAsJsonObject("index").get("uuid").getAsString());
        }
        return String.join(", ", uuids);
    }

    /**
     * Fields that BM25 can search must be there.
     *
     * @throws IllegalArgumentException naming those there are
     */
    void checkTexts(List<String> names) {
        List<String> texts =
                fields.keySet().stream().filter(field -> type(field).equals("text")).toList();
        for (String field : names) {
            if (texts.contains(field) == false) {
                throw new IllegalArgumentException(
                        "[--text-field] ["
                                + field
                                + "] is no field of type [text] of index ["
                                + name
                                + "]: those are "
                                + texts);
            }
        }
    }

    /**
     * Fields of vectors: those named, or all; of these the ones with such dimensions and of such
     * types.
     *
     * @param names empty for all
     * @param dimensions empty for all
     * @param types empty for all; {@code exact} is {@link VectorField#FLAT}
     * @throws IllegalArgumentException if none is left or one that is named is not there
     */
    List<VectorField> vectors(List<String> names, List<Integer> dimensions, List<String> types) {
        List<VectorField> all =
                fields.keySet().stream()
                        .filter(field -> type(field).equals("dense_vector"))
                        .map(this::vector)
                        .toList();
        for (String field : names) {
            if (all.stream().noneMatch(vector -> vector.name().equals(field))) {
                throw new IllegalArgumentException(
                        "[--vector-field] ["
                                + field
                                + "] is no field of type [dense_vector] of index ["
                                + name
                                + "]: those are "
                                + all.stream().map(VectorField::name).toList());
            }
        }
        List<VectorField> wanted = new ArrayList<>();
        for (VectorField field : all) {
            boolean fits =
                    (names.isEmpty() || names.contains(field.name()))
                            && (dimensions.isEmpty() || dimensions.contains(field.dimensions()))
                            && (types.isEmpty() || types.contains(field.type()));
            if (fits) {
                wanted.add(field);
            }
        }
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "[--dimensions] "
                            + dimensions
                            + " and [--knn] "
                            + types
                            + " leave no field of vectors of index ["
                            + name
                            + "]: its fields are "
                            + all.stream().map(f -> f.name() + " (" + f.label() + ")").toList());
        }
        wanted.sort(
                (a, b) ->
                        a.dimensions() != b.dimensions()
                                ? b.dimensions() - a.dimensions()
                                : Boolean.compare(b.exact(), a.exact()));
        return wanted;
    }

    /** Which of these documents are there. */
    Set<String> present(Iterable<String> ids) throws IOException, InterruptedException {
        Set<String> present = new HashSet<>();
        List<String> some = new ArrayList<>();
        for (String id : ids) {
            some.add(id);
            if (some.size() == LOOKED_UP) {
                lookUp(some, present);
            }
        }
        if (some.isEmpty() == false) {
            lookUp(some, present);
        }
        return present;
    }

    private void lookUp(List<String> ids, Set<String> present)
            throws IOException, InterruptedException {
        JsonObject body = new JsonObject();
        body.add("ids", SearchJson.array(ids));
        String path = Node.part(name) + "/_mget?_source=false&filter_path=docs._id,docs.found";
        JsonObject answer = node.send("POST", path, body.toString()).body();
        for (JsonElement each : answer.getAsJsonArray("docs")) {
            JsonObject document = each.getAsJsonObject();
            if (document.has("found") && document.get("found").getAsBoolean()) {
                present.add(document.get("_id").getAsString());
            }
        }
        ids.clear();
    }

    private String type(String field) {
        JsonObject mapping = fields.get(field);
        return mapping.has("type") ? mapping.get("type").getAsString() : "object";
    }

    private VectorField vector(String field) {
        JsonObject mapping = fields.get(field);
        if (mapping.has("dims") == false) {
            throw new IllegalArgumentException(
                    "[--vector-field] ["
                            + field
                            + "] of index ["
                            + name
                            + "] has no [dims] yet: index a document first");
        }
        JsonObject options = mapping.getAsJsonObject("index_options");
        return new VectorField(
                field,
                mapping.get("dims").getAsInt(),
                options == null ? "hnsw" : options.get("type").getAsString());
    }

    private void collect(String prefix, JsonObject mapping) {
        if (mapping.has("properties") == false) {
            return;
        }
        JsonObject properties = mapping.getAsJsonObject("properties");
        for (Map.Entry<String, JsonElement> property : properties.entrySet()) {
            String path = prefix + property.getKey();
            fields.put(path, property.getValue().getAsJsonObject());
            collect(path + ".", property.getValue().getAsJsonObject());
        }
    }
}
