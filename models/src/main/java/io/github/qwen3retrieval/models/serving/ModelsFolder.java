package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.UnknownModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.FilesStamp;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The folder that holds a node's checkpoints: finds which there are and which one is meant. */
final class ModelsFolder {

    private static final FilesStamp NO_FILES = new FilesStamp(Map.of());

    private static final long ONLY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path folder;
    private final Map<ModelKind, String> defaults;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<ModelKind, Only> only = new ConcurrentHashMap<>();

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
     * @param stamp everything that lay there then
     * @param read the files that the checkpoint is read from; none where it is broken
     * @param kind null where it is broken
     */
    record Seen(
            FilesStamp stamp,
            FilesStamp read,
            ModelKind kind,
            long bytes,
            int layers,
            int hiddenSize,
            String error) {}

    /** The model that was the only one of its kind at that time of {@link System#nanoTime()}. */
    private record Only(String id, long nanos) {}

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

    /** Names of the sub-folders and of the models that are open, whatever became of theirs. */
    List<String> ids(Map<String, ModelKind> open) {
        TreeSet<String> ids = new TreeSet<>(ids());
        ids.addAll(open.keySet());
        return List.copyOf(ids);
    }

    /**
     * Refuses whatever is not the name of a sub-folder, and so whatever leads out of the folder.
     *
     * @param open models that are open, by id
     * @throws UnknownModelException with the names that there are
     */
    void require(String id, Map<String, ModelKind> open) {
        if (open.containsKey(id) == false && ids().contains(id) == false) {
            throw unknown("model_id", id, ids(open));
        }
    }

    private static UnknownModelException unknown(String source, String id, List<String> ids) {
        return new UnknownModelException(
                "[" + source + "] [" + id + "] is no model of this node; there are " + ids);
    }

    /** Looks into a sub-folder, anew where its files have changed. */
    Seen look(String id) {
        FilesStamp stamp = FilesStamp.of(path(id));
        return seen.compute(
                id, (key, old) -> old != null && old.stamp.equals(stamp) ? old : read(key, stamp));
    }

    private Seen read(String id, FilesStamp stamp) {
        try (Checkpoint checkpoint = Checkpoint.open(path(id))) {
            return new Seen(
                    stamp,
                    checkpoint.stamp(),
                    checkpoint.kind(),
                    checkpoint.weightBytes(),
                    checkpoint.config().layers(),
                    checkpoint.config().hiddenSize(),
                    null);
        } catch (RuntimeException e) {
            return new Seen(stamp, NO_FILES, null, 0, 0, 0, e.getMessage());
        }
    }

    /**
     * The model that a request means. A model that is open is not looked for on the disk.
     *
     * @param modelId what it names, or null for the default
     * @param open kinds of the models that are open, by id
     * @throws UnknownModelException if there is none of that name
     * @throws IllegalArgumentException if it is of another kind, or none is named and several could
     *     be meant
     * @throws ModelException if the folder meant is broken
     */
    String resolve(String modelId, ModelKind kind, Map<String, ModelKind> open) {
        String wanted = modelId == null ? defaults.get(kind) : modelId;
        if (wanted == null) {
            return only(kind, open);
        }
        String source = modelId == null ? setting(kind) : "model_id";
        ModelKind found = open.containsKey(wanted) ? open.get(wanted) : kind(source, wanted, open);
        if (found != kind) {
            throw new IllegalArgumentException(
                    "["
                            + source
                            + "] ["
                            + wanted
                            + "] is of kind ["
                            + name(found)
                            + "], but ["
                            + name(kind)
                            + "] is needed here; models of that kind are "
                            + ofKind(kind, open));
        }
        return wanted;
    }

    private ModelKind kind(String source, String id, Map<String, ModelKind> open) {
        if (ids().contains(id) == false) {
            throw unknown(source, id, ids(open));
        }
        Seen found = look(id);
        if (found.error != null) {
            throw new ModelException("model [" + id + "] cannot be opened: " + inner(found.error));
        }
        return found.kind;
    }

    /** A message with paths below the models folder: where that lies is nothing for searchers. */
    private String inner(String message) {
        return message.replace(folder + folder.getFileSystem().getSeparator(), "");
    }

    /** The only model of a kind: looked for once in a second, as that reads every folder. */
    private String only(ModelKind kind, Map<String, ModelKind> open) {
        Only known = only.get(kind);
        if (known != null
                && System.nanoTime() - known.nanos < ONLY_NANOS
                && (open.get(known.id) == kind || isClosedFolder(known.id, open))) {
            return known.id;
        }
        List<String> candidates = ofKind(kind, open);
        if (candidates.size() == 1) {
            only.put(kind, new Only(candidates.get(0), System.nanoTime()));
            return candidates.get(0);
        }
        only.remove(kind);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(
                    "[model_id] is not given and this node has no model of kind ["
                            + name(kind)
                            + "]"
                            + broken());
        }
        throw new IllegalArgumentException(
                "[model_id] is not given and could be any of "
                        + candidates
                        + "; name one, or set ["
                        + setting(kind)
                        + "]");
    }

    private boolean isClosedFolder(String id, Map<String, ModelKind> open) {
        return open.containsKey(id) == false && Files.isDirectory(path(id));
    }

    private String broken() {
        List<String> broken = ids().stream().filter(id -> look(id).error != null).toList();
        if (broken.isEmpty()) {
            return "; put a checkpoint into its models folder, for example with [qwen3 download]";
        }
        String first = broken.get(0);
        String error = inner(String.valueOf(look(first).error));
        return "; these are broken: " + broken + ", [" + first + "]: " + error;
    }

    private List<String> ofKind(ModelKind kind, Map<String, ModelKind> open) {
        return ids(open).stream()
                .filter(id -> (open.containsKey(id) ? open.get(id) : look(id).kind) == kind)
                .toList();
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
