package io.github.qwen3retrieval.models.parity;

import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A checkpoint of {@code cases.json}: written anew for every test, the same bytes each time.
 *
 * @param name of the case, its golden file and its folder
 * @param what the case is there for
 * @param kind {@code embedding} or {@code reranker}
 * @param type how its weights are stored
 * @param shape what differs from the 0.6B shape
 * @param maxShardBytes most bytes of a weights file, or null for one file
 */
record ParityCase(
        String name,
        String what,
        String kind,
        DataType type,
        long seed,
        JsonObject shape,
        Long maxShardBytes) {

    private record All(List<ParityCase> cases) {}

    /** All cases. */
    static List<ParityCase> all() {
        return Golden.read("cases.json", All.class).cases();
    }

    /** The case of that name. */
    static ParityCase named(String name) {
        return all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    /** Writes the checkpoint into a folder of the case's name. */
    Path write(Path models) throws IOException {
        Path shapeFile = Files.writeString(models.resolve("." + name), shape.toString());
        try {
            new RandomCheckpoint(
                            RandomShape.of(shapeFile.toString()),
                            ModelKind.valueOf(kind.toUpperCase(Locale.ROOT)),
                            type,
                            seed,
                            maxShardBytes == null ? Long.MAX_VALUE : maxShardBytes)
                    .write(models.resolve(name));
        } finally {
            Files.delete(shapeFile);
        }
        return models.resolve(name);
    }

    /** Writes the cases named, or all, into a folder: what golden.py reads. */
    public static void main(String[] args) throws IOException {
        Path models = Files.createDirectories(Path.of(args[0]));
        List<String> wanted = List.of(args).subList(1, args.length);
        for (ParityCase one : all()) {
            boolean chosen = wanted.isEmpty() || wanted.contains(one.name());
            if (chosen && Files.exists(models.resolve(one.name())) == false) {
                System.out.println(one.write(models));
            }
        }
    }
}
