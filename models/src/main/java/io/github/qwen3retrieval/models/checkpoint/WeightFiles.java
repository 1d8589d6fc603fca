package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The safetensors files of a folder: model.safetensors, or the shards that
 * model.safetensors.index.json lists.
 */
final class WeightFiles {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private WeightFiles() {}

    /** Opens every file; none but the index is read further than its header. */
    static List<Safetensors> open(Path folder) {
        if (Files.exists(folder.resolve(SINGLE))) {
            return List.of(Safetensors.open(folder.resolve(SINGLE)));
        }
        if (Files.exists(folder.resolve(INDEX)) == false) {
            throw new ModelException(
                    "["
                            + folder
                            + "] has neither ["
                            + SINGLE
                            + "] nor ["
                            + INDEX
                            + "]: "
                            + Checkpoint.REMEDY);
        }
        List<Safetensors> shards = new ArrayList<>();
        for (String name : shardNames(folder.resolve(INDEX))) {
            shards.add(Safetensors.open(folder.resolve(name)));
        }
        return shards;
    }

    /** Where each tensor lies, by its name in the files. */
    static Map<String, Safetensors> byTensor(List<Safetensors> files) {
        Map<String, Safetensors> places = new LinkedHashMap<>();
        for (Safetensors file : files) {
            for (SafetensorsHeader.Entry entry : file.entries()) {
                Safetensors other = places.put(entry.name(), file);
                if (other != null) {
                    throw new ModelException(
                            "tensor ["
                                    + entry.name()
                                    + "] is in both ["
                                    + other.file()
                                    + "] and ["
                                    + file.file()
                                    + "]: remove the file that does not belong there");
                }
            }
        }
        return places;
    }

    /** The distinct files of an index, sorted. */
    static TreeSet<String> shardNames(Path index) {
        JsonElement map = JsonObjectFile.read(index).get("weight_map");
        if (map == null || map.isJsonObject() == false || map.getAsJsonObject().isEmpty()) {
            throw new ModelException("[" + index + "] has no [weight_map]: copy it again");
        }
        return shardNames(index, map.getAsJsonObject());
    }

    private static TreeSet<String> shardNames(Path index, JsonObject weightMap) {
        TreeSet<String> names = new TreeSet<>();
        for (Map.Entry<String, JsonElement> entry : weightMap.entrySet()) {
            String name = ConfigReader.text(entry.getValue());
            if (isPlainName(name) == false) {
                throw new ModelException(
                        "["
                                + index
                                + "] puts ["
                                + entry.getKey()
                                + "] into ["
                                + name
                                + "], which is not the name of a safetensors file beside it");
            }
            names.add(name);
        }
        return names;
    }

    /** Letters, digits, dots, dashes: a name that cannot lead out of the folder. */
    static boolean isPlainName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors");
    }
}
