package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.tokenizer.OfficialTokenizer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A checkpoint of random weights in Hugging Face's layout, with the official tokenizer: every part
 * of the real one but its knowledge. For tests, for sizing a node before the download.
 *
 * @param shape the network's figures
 * @param kind decides the tokenizer's post-processor and the tensors' names, as published
 * @param type format of the weights
 * @param seed the same seed gives the same bytes on every machine
 * @param maxShardBytes most bytes of weights in one file; what is larger is sharded
 */
public record RandomCheckpoint(
        RandomShape shape, ModelKind kind, DataType type, long seed, long maxShardBytes) {

    /**
     * Writes the folder. It appears whole or not at all.
     *
     * @param folder a folder that does not exist yet, or an empty one
     * @throws ModelException if the folder holds something, if the disk is too small, or if it
     *     cannot be written
     */
    public void write(Path folder) {
        Path target = folder.toAbsolutePath().normalize();
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            requireEmpty(target);
            Files.createDirectories(target.getParent());
            Files.createDirectory(part);
            try {
                writeFiles(part);
                Files.deleteIfExists(target);
                Files.move(part, target);
            } finally {
                delete(part);
            }
        } catch (IOException e) {
            throw new ModelException(
                    "checkpoint [" + target + "] cannot be written: " + reason(e), e);
        }
    }

    private void writeFiles(Path folder) throws IOException {
        JsonObject json = shape.config(kind, type);
        Path configFile = folder.resolve("config.json");
        Files.writeString(
                configFile,
                new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(json)
                        + "\n");
        Qwen3Config config = Qwen3Config.read(configFile);
        if (kind == ModelKind.EMBEDDING) {
            OfficialTokenizer.writeEmbedding(folder.resolve("tokenizer.json"));
        } else {
            OfficialTokenizer.writeReranker(folder.resolve("tokenizer.json"));
        }
        writeWeights(folder, names(config));
    }

    /** Names as the published files have them: rerankers were saved with their output head. */
    private Map<String, long[]> names(Qwen3Config config) {
        boolean reranker = kind == ModelKind.RERANKER;
        Map<String, long[]> names = new LinkedHashMap<>();
        TensorNames.of(config, reranker && config.tiedEmbeddings() == false)
                .forEach(
                        (name, tensorShape) -> {
                            boolean prefixed = reranker && name.equals(TensorNames.HEAD) == false;
                            names.put(prefixed ? TensorNames.PREFIX + name : name, tensorShape);
                        });
        return names;
    }

    private void writeWeights(Path folder, Map<String, long[]> names) throws IOException {
        List<Map<String, long[]>> shards = shards(names);
        long bytes = names.values().stream().mapToLong(this::bytes).sum();
        requireSpace(folder, bytes);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        if (shards.size() == 1) {
            writer.write(folder.resolve(WeightFiles.SINGLE), tensors(names));
            return;
        }
        JsonObject weightMap = new JsonObject();
        for (int i = 0; i < shards.size(); i++) {
            String file =
                    String.format(
                            Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            writer.write(folder.resolve(file), tensors(shards.get(i)));
            shards.get(i).keySet().forEach(name -> weightMap.addProperty(name, file));
        }
        writeIndex(folder, weightMap, bytes);
    }

    private List<SafetensorsWriter.Tensor> tensors(Map<String, long[]> names) {
        return names.entrySet().stream()
                .map(
                        entry ->
                                ComputedNumbers.tensor(
                                        entry.getKey(),
                                        type,
                                        entry.getValue(),
                                        numbers(entry.getKey())))
                .toList();
    }

    private static void writeIndex(Path folder, JsonObject weightMap, long bytes)
            throws IOException {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("total_size", bytes);
        JsonObject index = new JsonObject();
        index.add("metadata", metadata);
        index.add("weight_map", weightMap);
        Files.writeString(
                folder.resolve(WeightFiles.INDEX),
                new GsonBuilder().setPrettyPrinting().create().toJson(index) + "\n");
    }

    /** Fills one shard after the other; a tensor larger than a shard gets one of its own. */
    private List<Map<String, long[]>> shards(Map<String, long[]> names) {
        List<Map<String, long[]>> shards = new ArrayList<>();
        long free = 0;
        for (Map.Entry<String, long[]> tensor : names.entrySet()) {
            long bytes = bytes(tensor.getValue());
            if (shards.isEmpty() || bytes > free) {
                shards.add(new LinkedHashMap<>());
                free = maxShardBytes;
            }
            shards.get(shards.size() - 1).put(tensor.getKey(), tensor.getValue());
            free -= bytes;
        }
        return shards;
    }

    private long bytes(long[] tensorShape) {
        return SafetensorsWriter.elements(tensorShape) * type.bytes();
    }

    /** Matrices around 0; norm gains around 1, so that a gain left out is noticed. */
    private ComputedNumbers.Numbers numbers(String name) {
        RandomNumbers random = new RandomNumbers(seed, name.replaceFirst("^model\\.", ""));
        double range = shape.initializerRange();
        return TensorNames.isGain(name)
                ? index -> 1 + 0.1 * random.at(index)
                : index -> range * random.at(index);
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (Files.exists(folder) == false) {
            return;
        }
        if (Files.isDirectory(folder) == false) {
            throw new IOException("there is a file of that name");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new IOException("the folder is not empty; name another one");
            }
        }
    }

    private static void requireSpace(Path folder, long bytes) throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < bytes) {
            throw new IOException(
                    "it takes [" + bytes + "] bytes but the disk has [" + usable + "] left");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder) == false) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null || e instanceof FileSystemException
                ? e.getClass().getSimpleName() + " " + e.getMessage()
                : e.getMessage();
    }
}
