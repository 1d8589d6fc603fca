package io.github.qwen3retrieval.models.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every damage that a copy, a disk or a stranger can do to a folder has its own message. */
class DamagedCheckpointTest {

    /** Does something to a sound folder. */
    interface Damage {
        void to(Path folder) throws IOException;
    }

    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String NORM = "\"norm.weight\":{\"dtype\":\"BF16\",\"shape\":[64]";

    @TempDir static Path originals;
    private static Path whole;
    private static Path sharded;

    @TempDir Path temp;

    @BeforeAll
    static void writeOriginals() throws IOException {
        Path one = Files.createDirectory(originals.resolve("one"));
        Path many = Files.createDirectory(originals.resolve("many"));
        whole = TinyCheckpoint.write(one, ModelKind.EMBEDDING);
        sharded = TinyCheckpoint.write(many, ModelKind.RERANKER, DataType.BF16, 1 << 20, true);
        Checkpoint.open(whole).close();
        Checkpoint.open(sharded).close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void saysWhatIsWrong(String what, Path original, Damage damage, String message)
            throws IOException {
        Path folder = copy(original, temp.resolve("model"));
        damage.to(folder);
        String said =
                assertThrows(ModelException.class, () -> Checkpoint.open(folder)).getMessage();
        assertTrue(said.contains(message), said);
        assertTrue(said.contains(folder.toString()), said);
    }

    static Stream<Arguments> damages() throws IOException {
        return Stream.of(configs(), tokenizers(), files(), headers(), indexes()).flatMap(s -> s);
    }

    private static Stream<Arguments> configs() {
        return Stream.of(
                damage("no folder", whole, DamagedCheckpointTest::delete, "there is no folder"),
                damage(
                        "no config",
                        whole,
                        f -> Files.delete(f.resolve("config.json")),
                        "qwen3 dow"),
                damage("empty config", whole, f -> write(f, "config.json", ""), "no JSON object"),
                damage("config cut", whole, f -> write(f, "config.json", "{\"a\":"), "no JSON obj"),
                damage(
                        "config a list",
                        whole,
                        f -> write(f, "config.json", "[]"),
                        "no JSON object"),
                damage(
                        "config lax",
                        whole,
                        f -> write(f, "config.json", "{a:1}"),
                        "no JSON object"),
                damage(
                        "config nested deeply",
                        whole,
                        f -> write(f, "config.json", "{\"a\":" + "[".repeat(5000)),
                        "no JSON object"),
                damage(
                        "config in Latin-1",
                        whole,
                        f -> Files.write(f.resolve("config.json"), new byte[] {'{', (byte) 0xE9}),
                        "no JSON object"),
                damage(
                        "config of another model",
                        whole,
                        f -> edit(f, "config.json", "\"qwen3\"", "\"llama\""),
                        "key [model_type] is [\"llama\"]: only [qwen3] is supported"),
                damage(
                        "config of a wider model",
                        whole,
                        f -> edit(f, "config.json", "\"hidden_size\": 64", "\"hidden_size\": 128"),
                        "of shape [151669, 64] where config.json calls for [151669, 128]"),
                damage(
                        "config of a deeper model",
                        whole,
                        f -> edit(f, "config.json", "layers\": 2", "layers\": 3"),
                        "lacks tensor [layers.2.input_layernorm.weight]"),
                damage(
                        "vocabulary smaller than the tokenizer's",
                        whole,
                        f -> edit(f, "config.json", "151669", "151000"),
                        "has the token id [151642] but config.json has a [vocab_size] of [151000]"));
    }

    private static Stream<Arguments> tokenizers() {
        String name = "tokenizer.json";
        return Stream.of(
                damage("no tokenizer", whole, f -> Files.delete(f.resolve(name)), "is missing"),
                damage("tokenizer empty", whole, f -> write(f, name, ""), "is no tokenizer.json"),
                damage(
                        "tokenizer an LFS pointer",
                        whole,
                        f -> write(f, name, "version https"),
                        "is no"),
                damage(
                        "tokenizer without vocabulary",
                        whole,
                        f -> write(f, name, "{}"),
                        "model.vocab"),
                damage("tokenizer cut", whole, f -> truncate(f.resolve(name), 5_000_000), "is no"),
                damage(
                        "tokenizer without the end of text",
                        whole,
                        f ->
                                edit(
                                        f,
                                        name,
                                        "\"content\": \"<|endoftext|>\"",
                                        "\"content\": \"<x>\""),
                        "lacks the token [<|endoftext|>]"),
                damage(
                        "reranker's tokenizer without think",
                        sharded,
                        f -> edit(f, name, "\"content\": \"<think>\"", "\"content\": \"<x>\""),
                        "lacks the token [<think>]"),
                damage(
                        "token with a negative id",
                        whole,
                        f -> edit(f, name, "\"!\": 0", "\"!\": -1"),
                        "token [!] has the id [-1]"));
    }

    private static Stream<Arguments> files() {
        return Stream.of(
                damage("no weights", whole, f -> Files.delete(f.resolve(WEIGHTS)), "has neither ["),
                damage("weights empty", whole, f -> write(f, WEIGHTS, ""), "it has only [0] bytes"),
                damage(
                        "weights an LFS pointer",
                        whole,
                        f -> write(f, WEIGHTS, "version https://git"),
                        "no safetensors file"),
                damage(
                        "weights cut",
                        whole,
                        f -> truncate(f.resolve(WEIGHTS), 1_000_000),
                        "bytes but it has [1000000]: it was not copied whole"),
                damage(
                        "weights cut in the header",
                        whole,
                        f -> truncate(f.resolve(WEIGHTS), 100),
                        "bytes but it has [100]: it was not copied whole"),
                damage(
                        "weights longer than they say",
                        whole,
                        f -> append(f.resolve(WEIGHTS)),
                        "bytes but it has ["),
                damage(
                        "header length negative",
                        whole,
                        f -> length(f, -1),
                        "its header would have [18446744073709551615] bytes"),
                damage(
                        "header length huge",
                        whole,
                        f -> length(f, 1L << 40),
                        "its header would have [1099511627776] bytes"),
                damage(
                        "header length beyond the file",
                        whole,
                        f -> length(f, 90_000_000),
                        "its header asks for [90000008] bytes"),
                damage(
                        "header length too small",
                        whole,
                        f -> length(f, 50),
                        "its header is malformed"));
    }

    private static Stream<Arguments> headers() {
        return Stream.of(
                header("a list", "{\"__meta", "[\"__meta", "its header is malformed"),
                header(
                        "unknown dtype",
                        NORM,
                        NORM.replace("BF16", "F8_E4M3"),
                        "as [F8_E4M3], but only [BF16, F16, F32] can be read"),
                header(
                        "dtype of another width",
                        NORM,
                        NORM.replace("BF16", "F32"),
                        "should have [256] bytes by its shape but has [128]"),
                header(
                        "shape of another size",
                        NORM,
                        NORM.replace("64", "63"),
                        "should have [126] bytes by its shape but has [128]"),
                header(
                        "shape that overflows",
                        NORM,
                        NORM.replace("64", "4611686018427387904,8"),
                        "has an impossible shape"),
                header(
                        "negative shape",
                        NORM,
                        NORM.replace("64", "-64"),
                        "the negative number [-64]"),
                header(
                        "tensor renamed",
                        NORM,
                        NORM.replace("norm", "form"),
                        "lacks tensor [norm.weight]"),
                header(
                        "tensor twice",
                        "\"layers.0.post_attention_layernorm.weight\"",
                        "\"layers.0.input_layernorm.weight\"",
                        "is there twice"),
                header(
                        "tensor without dtype",
                        NORM,
                        NORM.replace("dtype", "dtipe"),
                        "lacks dtype, shape or data_offsets"),
                header(
                        "tensor both with and without prefix",
                        NORM,
                        "\"model.norm.weight\":{\"dtype\":\"BF16\",\"shape\":[0],\"data_offsets\":[0,0]},"
                                + NORM,
                        "both with and without [model.] in front"),
                damage(
                        "ranges overlap",
                        whole,
                        DamagedCheckpointTest::overlap,
                        "tensors overlap or leave a gap"),
                damage(
                        "header is no UTF-8",
                        whole,
                        f -> put(f.resolve(WEIGHTS), 12, new byte[] {(byte) 0xFF}),
                        "no UTF-8 text"));
    }

    private static Stream<Arguments> indexes() {
        String second = "model-00002-of-00002.safetensors";
        return Stream.of(
                damage(
                        "shard missing",
                        sharded,
                        f -> Files.delete(f.resolve(second)),
                        second + "] is missing"),
                damage(
                        "shard cut",
                        sharded,
                        f -> truncate(f.resolve(second), 4000),
                        "not copied whole"),
                damage("index cut", sharded, f -> write(f, INDEX, "{"), "no JSON object"),
                damage(
                        "index without map",
                        sharded,
                        f -> write(f, INDEX, "{}"),
                        "has no [weight_map]"),
                damage(
                        "index leads out of the folder",
                        sharded,
                        f -> edit(f, INDEX, second, "../../etc/x.safetensors"),
                        "which is not the name of a safetensors file beside it"),
                damage(
                        "index names an absolute path",
                        sharded,
                        f -> edit(f, INDEX, second, "/etc/x.safetensors"),
                        "which is not the name"),
                damage(
                        "index names another type",
                        sharded,
                        f -> edit(f, INDEX, second, "x.bin"),
                        "which is not the name"),
                damage("tensor in two shards", sharded, f -> doubled(f, second), "is in both"));
    }

    private static Arguments damage(String what, Path original, Damage damage, String message) {
        return Arguments.of(what, original, damage, message);
    }

    private static Arguments header(String what, String old, String replacement, String message) {
        return damage("header: " + what, whole, f -> rewriteHeader(f, old, replacement), message);
    }

    private static void rewriteHeader(Path folder, String old, String replacement)
            throws IOException {
        byte[] file = Files.readAllBytes(folder.resolve(WEIGHTS));
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(file, 8, length, UTF_8);
        assertTrue(header.contains(old), header);
        byte[] changed = header.replace(old, replacement).getBytes(UTF_8);
        ByteBuffer out = ByteBuffer.allocate(file.length - length + changed.length);
        out.order(ByteOrder.LITTLE_ENDIAN).putLong(changed.length).put(changed);
        out.put(file, 8 + length, file.length - 8 - length);
        Files.write(folder.resolve(WEIGHTS), out.array());
    }

    /** Lets the second tensor begin where the first one does. */
    private static void overlap(Path folder) throws IOException {
        String norm =
                "\"layers.0.input_layernorm.weight\":{\"dtype\":\"BF16\",\"shape\":[64],"
                        + "\"data_offsets\":[";
        long table = 151669L * 128;
        rewriteHeader(folder, norm + table + "," + (table + 128), norm + "0,128");
    }

    private static void doubled(Path folder, String shard) throws IOException {
        Files.copy(folder.resolve(shard), folder.resolve("again.safetensors"));
        edit(folder, INDEX, "\"weight_map\": {", "\"weight_map\": {\"x\": \"again.safetensors\",");
    }

    private static void length(Path folder, long length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        put(folder.resolve(WEIGHTS), 0, bytes.array());
    }

    private static void put(Path file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static void append(Path file) throws IOException {
        Files.write(file, new byte[16], StandardOpenOption.APPEND);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static void edit(Path folder, String name, String old, String replacement)
            throws IOException {
        String text = Files.readString(folder.resolve(name));
        assertTrue(text.contains(old), name + " lacks " + old);
        Files.writeString(folder.resolve(name), text.replace(old, replacement));
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }
                });
        Files.delete(folder);
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
