package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The folder that holds a node's checkpoints: finds which there are and which one is meant. */
final class ModelsFolder {

    private final Path folder;
    private final Map<ModelKind, String> defaults;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /**
     * A folder, which need not exist.
     *
     * @param defaults model of each kind that is meant where none is named, as far as set
     */
    ModelsFolder(Path folder, Map<ModelKind, String> defaults) {
        this.folder = folder;
        this.defaults = defaults;
    }

    /**
     * What was found in a sub-folder.
     *
     * @param stamp time of its newest file then
     * @param kind null where it is broken
     */
    record Seen(
            FileTime stamp, ModelKind kind, long bytes, int layers, int hiddenSize, String error) {}

    /** Names of the sub-folders, sorted; hidden ones are left out. */
    List<String> ids() {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(".") == false)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    Path path(String id) {
        return folder.resolve(id);
    }

    /** Looks into a sub-folder, anew where its files have changed. */
    Seen look(String id) {
        FileTime stamp = newest(path(id));
        return seen.compute(
                id, (key, old) -> old != null && old.stamp.equals(stamp) ? old : read(key, stamp));
    }

    private Seen read(String id, FileTime stamp) {
        try (Checkpoint checkpoint = Checkpoint.open(path(id))) {
            return new Seen(
                    stamp,
                    checkpoint.kind(),
                    checkpoint.weightBytes(),
                    checkpoint.config().layers(),
                    checkpoint.config().hiddenSize(),
                    null);
        } catch (RuntimeException e) {
            return new Seen(stamp, null, 0, 0, 0, e.getMessage());
        }
    }

    private static FileTime newest(Path path) {
        try (Stream<Path> files = Files.list(path)) {
            FileTime newest = Files.getLastModifiedTime(path);
            for (Path file : files.toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
            return newest;
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /**
     * The model that a request means.
     *
     * @param modelId what it names, or null for the default
     * @throws IllegalArgumentException if there is none of that name and kind, or none is named and
     *     several could be meant
     * @throws ModelException if the folder meant is broken
     */
    String resolve(String modelId, ModelKind kind) {
        String wanted = modelId == null ? defaults.get(kind) : modelId;
        String source = modelId == null ? setting(kind) : "model_id";
        List<String> ids = ids();
        if (wanted == null) {
            return only(ids, kind);
        }
        if (ids.contains(wanted) == false) {
            throw new IllegalArgumentException(
                    "["
                            + source
                            + "] ["
                            + wanted
                            + "] is not a folder of this node's models folder ["
                            + folder
                            + "], which holds "
                            + ids
                            + "; copy the checkpoint there or name another");
        }
        Seen found = look(wanted);
        if (found.error != null) {
            throw new ModelException("model [" + wanted + "] cannot be opened: " + found.error);
        }
        if (found.kind != kind) {
            throw new IllegalArgumentException(
                    "["
                            + source
                            + "] ["
                            + wanted
                            + "] is of kind ["
                            + name(found.kind)
                            + "], but ["
                            + name(kind)
                            + "] is needed here; models of that kind are "
                            + ofKind(ids, kind));
        }
        return wanted;
    }

    private String only(List<String> ids, ModelKind kind) {
        List<String> candidates = ofKind(ids, kind);
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(
                    "[model_id] is not given and this node's models folder ["
                            + folder
                            + "] holds no model of kind ["
                            + name(kind)
                            + "]"
                            + broken(ids));
        }
        throw new IllegalArgumentException(
                "[model_id] is not given and could be any of "
                        + candidates
                        + "; name one, or set ["
                        + setting(kind)
                        + "]");
    }

    private String broken(List<String> ids) {
        List<String> broken = ids.stream().filter(id -> look(id).error != null).toList();
        if (broken.isEmpty()) {
            return "; put a checkpoint there, for example with [qwen3 download]";
        }
        String first = broken.get(0);
        return "; these are broken: " + broken + ", [" + first + "]: " + look(first).error;
    }

    private List<String> ofKind(List<String> ids, ModelKind kind) {
        return ids.stream().filter(id -> look(id).kind == kind).toList();
    }

    /** The setting that names the model which is meant where none is named. */
    static String setting(ModelKind kind) {
        return "qwen3." + name(kind) + ".default_model";
    }

    /** The kind's name in settings and messages. */
    static String name(ModelKind kind) {
        return kind == ModelKind.EMBEDDING ? "embedding" : "reranker";
    }
}
