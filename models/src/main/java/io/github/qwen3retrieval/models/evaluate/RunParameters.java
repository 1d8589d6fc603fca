package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What the content of a file depends on, written into it or beside it. */
final class RunParameters {

    private RunParameters() {}

    /** As JSON. */
    static JsonObject json(Map<String, String> parameters) {
        JsonObject json = new JsonObject();
        new TreeMap<>(parameters).forEach(json::addProperty);
        return json;
    }

    /**
     * Parameters must be those of the run before.
     *
     * @param file that the run before made
     * @throws IllegalArgumentException naming the first that differs
     */
    static void compare(Path file, JsonObject before, Map<String, String> now) {
        Map<String, String> then = new TreeMap<>();
        before.entrySet()
                .forEach(entry -> then.put(entry.getKey(), entry.getValue().getAsString()));
        Map<String, String> all = new TreeMap<>(then);
        all.putAll(now);
        for (String name : all.keySet()) {
            if (Objects.equals(then.get(name), now.get(name)) == false) {
                throw new IllegalArgumentException(
                        "[--out] ["
                                + file
                                + "] is of a run whose ["
                                + name
                                + "] was ["
                                + then.get(name)
                                + "], and now it is ["
                                + now.get(name)
                                + "]: name another folder, or delete the file");
            }
        }
    }
}
