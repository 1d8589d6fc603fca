package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The identity of a checkpoint: one sha256 for all the bytes that it is read from. It is that of
 * the text which coreutils print, so that anybody can compute it:
 *
 * <pre>
 * cd FOLDER; LC_ALL=C sha256sum config.json tokenizer.json *.safetensors | sha256sum
 * </pre>
 *
 * <p>Only files that are read count: not the index of the shards, and no shard beside a {@code
 * model.safetensors}.
 */
public final class CheckpointDigest {

    private CheckpointDigest() {}

    /**
     * Computes it; reads every byte.
     *
     * @param goOn asked between chunks
     * @return 64 hexadecimal digits
     * @throws ModelException if a file is missing or cannot be read
     * @throws CancellationException if it was told not to go on
     */
    public static String of(Path folder, BooleanSupplier goOn) {
        StringBuilder lines = new StringBuilder();
        for (String name : CheckpointFiles.read(folder)) {
            lines.append(hex(folder.resolve(name), goOn)).append("  ").append(name).append('\n');
        }
        MessageDigest all = FileDigest.sha256();
        return FileDigest.hex(all.digest(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String hex(Path file, BooleanSupplier goOn) {
        try {
            return FileDigest.of(file, goOn);
        } catch (IOException e) {
            throw new ModelException("[" + file + "] cannot be read: " + e, e);
        }
    }
}
