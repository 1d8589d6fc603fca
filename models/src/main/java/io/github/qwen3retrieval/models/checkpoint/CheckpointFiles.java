package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Which files of a repository make a checkpoint. */
public final class CheckpointFiles {

    /** What every checkpoint has beside its weights. */
    public static final List<String> REQUIRED = List.of("config.json", "tokenizer.json");

    /** What is kept where it is there; nothing here reads it. */
    public static final List<String> OPTIONAL =
            List.of("tokenizer_config.json", "generation_config.json");

    /** The weights in one file. */
    public static final String WEIGHTS = WeightFiles.SINGLE;

    /** The list of the shards of weights in several files. */
    public static final String INDEX = WeightFiles.INDEX;

    private CheckpointFiles() {}

    /** Whether a file of this name belongs to a checkpoint. */
    public static boolean isWanted(String name) {
        return REQUIRED.contains(name)
                || OPTIONAL.contains(name)
                || name.equals(INDEX)
                || WeightFiles.isPlainName(name);
    }

    /**
     * Names of the files that a checkpoint in this folder is read from: config.json,
     * tokenizer.json, then the safetensors files by name. Those of an index that is damaged are
     * left out.
     */
    static List<String> read(Path folder) {
        List<String> names = new ArrayList<>(REQUIRED);
        if (Files.exists(folder.resolve(WEIGHTS))) {
            names.add(WEIGHTS);
        } else if (Files.exists(folder.resolve(INDEX))) {
            try {
                names.addAll(shards(folder));
            } catch (ModelException e) {
                // whoever opens the checkpoint is told
            }
        }
        return List.copyOf(names);
    }

    /**
     * Names of the shards that a folder's index lists, none of which leads out of the folder.
     *
     * @throws ModelException if the index is damaged
     */
    public static SortedSet<String> shards(Path folder) {
        return WeightFiles.shardNames(folder.resolve(INDEX));
    }
}
