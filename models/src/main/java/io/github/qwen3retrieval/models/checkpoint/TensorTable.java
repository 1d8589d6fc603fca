package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every tensor of a folder by its name without the prefix, and the file that holds it. */
final class TensorTable {

    private record Place(Safetensors file, SafetensorsHeader.Entry entry) {}

    private final Path folder;
    private final int files;
    private final Map<String, Place> places = new HashMap<>();
    private boolean prefixed;

    private TensorTable(Path folder, List<Safetensors> files) {
        this.folder = folder;
        this.files = files.size();
        WeightFiles.byTensor(files);
        for (Safetensors file : files) {
            file.entries().forEach(entry -> add(file, entry));
        }
    }

    static TensorTable open(Path folder) {
        return new TensorTable(folder, WeightFiles.open(folder));
    }

    /** Whether tensors are named {@code model.…}. */
    boolean prefixed() {
        return prefixed;
    }

    int files() {
        return files;
    }

    /**
     * Maps the tensors of these names.
     *
     * @throws ModelException if one is missing, of another shape or not of a {@link DataType};
     *     nothing has been mapped then
     */
    Map<String, StoredTensor> map(Map<String, long[]> shapes) {
        Map<Safetensors, List<String>> wanted = new LinkedHashMap<>();
        shapes.forEach(
                (name, shape) -> {
                    Place place = check(name, shape);
                    wanted.computeIfAbsent(place.file, file -> new ArrayList<>())
                            .add(place.entry.name());
                });
        Map<String, StoredTensor> tensors = new HashMap<>();
        wanted.forEach(
                (file, names) ->
                        file.map(names, TensorNames.PREFIX)
                                .forEach(tensor -> tensors.put(tensor.name(), tensor)));
        return Map.copyOf(tensors);
    }

    private void add(Safetensors file, SafetensorsHeader.Entry entry) {
        String name = entry.name();
        if (name.startsWith(TensorNames.PREFIX)) {
            prefixed = true;
            name = name.substring(TensorNames.PREFIX.length());
        }
        if (places.put(name, new Place(file, entry)) != null) {
            throw new ModelException(
                    "["
                            + folder
                            + "] has tensor ["
                            + name
                            + "] both with and without [model.] in front: copy it again");
        }
    }

    private Place check(String name, long[] shape) {
        Place place = places.get(name);
        if (place == null) {
            throw new ModelException(
                    "["
                            + folder
                            + "] lacks tensor ["
                            + name
                            + "] that config.json calls for: "
                            + Checkpoint.REMEDY);
        }
        if (Arrays.equals(place.entry.shape(), shape) == false) {
            throw new ModelException(
                    "["
                            + place.file.file()
                            + "] has tensor ["
                            + place.entry.name()
                            + "] of shape "
                            + Arrays.toString(place.entry.shape())
                            + " where config.json calls for "
                            + Arrays.toString(shape)
                            + ": the two are of different models");
        }
        if (DataType.named(place.entry.type()).isEmpty()) {
            throw new ModelException(
                    "["
                            + place.file.file()
                            + "] has tensor ["
                            + place.entry.name()
                            + "] as ["
                            + place.entry.type()
                            + "], but only "
                            + Arrays.toString(DataType.values())
                            + " can be read: take a checkpoint of one of these");
        }
        return place;
    }
}
