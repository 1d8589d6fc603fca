package io.github.qwen3retrieval.it;

import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomCheckpoint;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A way to break a checkpoint folder.
 *
 * @param id name of the broken folder
 * @param damage what is done to a sound one
 * @param says fragments that every error about it must contain
 */
record BadCheckpoint(String id, Damage damage, List<String> says) {

    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String WEIGHTS = "model.safetensors";

    /** What is done to a folder. */
    interface Damage {
        void to(Path folder) throws IOException;
    }

    static List<BadCheckpoint> all() {
        return List.of(
                bad("config-missing", f -> Files.delete(f.resolve(CONFIG)), CONFIG, "missing"),
                bad(
                        "config-no-json",
                        f -> Files.writeString(f.resolve(CONFIG), "<html>404</html>"),
                        CONFIG,
                        "no JSON object: malformed JSON at line 1"),
                bad(
                        "config-llama",
                        f -> replace(f.resolve(CONFIG), "\"qwen3\"", "\"llama\""),
                        CONFIG,
                        "[model_type]",
                        "llama",
                        "[qwen3]"),
                bad(
                        "config-other-width",
                        f ->
                                replace(
                                        f.resolve(CONFIG),
                                        "\"hidden_size\": 64",
                                        "\"hidden_size\": 96"),
                        "64]",
                        "96]",
                        "of different models"),
                bad("tokenizer-missing", f -> Files.delete(f.resolve(TOKENIZER)), TOKENIZER),
                bad(
                        "tokenizer-corrupt",
                        f -> cut(f.resolve(TOKENIZER), 1000),
                        TOKENIZER,
                        "copy it"),
                bad("weights-missing", f -> Files.delete(f.resolve(WEIGHTS)), WEIGHTS),
                bad("weights-cut", f -> cut(f.resolve(WEIGHTS), 100_000), WEIGHTS),
                bad("weights-empty", f -> cut(f.resolve(WEIGHTS), 0), WEIGHTS),
                bad(
                        "weights-of-integers",
                        f -> overwrite(f.resolve(WEIGHTS), "\"BF16\"", "\"I16\" "),
                        WEIGHTS,
                        "I16"),
                bad(
                        "weights-git-lfs-pointer",
                        f -> Files.writeString(f.resolve(WEIGHTS), "version https://git-lfs.git"),
                        WEIGHTS),
                bad("folder-empty", BadCheckpoint::empty, CONFIG),
                bad("shard-missing", BadCheckpoint::shardMissing, "00002-of-"));
    }

    private static BadCheckpoint bad(String id, Damage damage, String... says) {
        return new BadCheckpoint(id, damage, List.of(says));
    }

    /** Makes the broken folder from the sound embedding model. */
    void writeTo(Path models) throws IOException {
        Path folder = models.resolve(id);
        ScratchFolders.copy(TestModels.folder().resolve(TestModels.EMBEDDING), folder);
        damage.to(folder);
    }

    private static void replace(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        String replaced = text.replace(what, with);
        if (replaced.equals(text)) {
            throw new AssertionError("[" + file + "] holds no [" + what + "]: " + text);
        }
        Files.writeString(file, replaced);
    }

    /** Replaces the first occurrence in the header by as many bytes. */
    private static void overwrite(Path file, String what, String with) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(1000);
            channel.read(head, 0);
            int at = new String(head.array(), StandardCharsets.ISO_8859_1).indexOf(what);
            channel.write(ByteBuffer.wrap(with.getBytes(StandardCharsets.ISO_8859_1)), at);
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    private static void empty(Path folder) throws IOException {
        ScratchFolders.delete(folder);
        Files.createDirectory(folder);
    }

    private static void shardMissing(Path folder) throws IOException {
        Path shape = Files.writeString(folder.resolveSibling("shape.json"), TestModels.SHAPE);
        ScratchFolders.delete(folder);
        new RandomCheckpoint(
                        RandomShape.of(shape.toString()),
                        ModelKind.EMBEDDING,
                        DataType.BF16,
                        1,
                        1 << 20)
                .write(folder);
        Files.delete(shape);
        try (var files = Files.list(folder)) {
            Files.delete(files.filter(f -> f.toString().contains("-00002-of-")).findFirst().get());
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
