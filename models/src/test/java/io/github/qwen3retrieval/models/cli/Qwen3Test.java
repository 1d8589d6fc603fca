package io.github.qwen3retrieval.models.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import io.github.qwen3retrieval.models.checkpoint.CheckpointDigest;
import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.TinyCheckpoint;
import io.github.qwen3retrieval.models.hub.HubServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class Qwen3Test {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path temp;

    @Test
    void randomWritesWhatListShows() throws IOException {
        Path shape = Files.writeString(temp.resolve("shape.json"), TinyCheckpoint.SHAPE);
        Path models = temp.resolve("models");
        assertEquals(0, random(shape, "embedding", models.resolve("e")));
        assertEquals(
                0,
                random(
                        shape,
                        "reranker",
                        models.resolve("r"),
                        "--dtype=f32",
                        "--untied",
                        "--max-shard-size=1mb"));
        assertEquals(0, run("list", models.toString()), err.toString());
        String[] lines = out.toString().lines().toArray(String[]::new);
        assertTrue(lines[3].matches("e +embedding +2 layers, hidden 64, .* bf16"), out.toString());
        assertTrue(lines[4].matches("r +reranker +2 layers, hidden 64, .* f32"), out.toString());
        out.getBuffer().setLength(0);
        assertEquals(0, run("list", "--sha256", models.resolve("e").toString()));
        String sha256 = CheckpointDigest.of(models.resolve("e"), () -> true);
        assertTrue(out.toString().contains(" bf16      " + sha256), out.toString());
        try (Checkpoint reranker = Checkpoint.open(models.resolve("r"))) {
            assertEquals(ModelKind.RERANKER, reranker.kind());
            assertEquals(DataType.F32, reranker.dataType());
            assertFalse(reranker.config().tiedEmbeddings());
            assertTrue(reranker.shards() > 2);
        }
    }

    @Test
    void theSameSeedGivesTheSameFile() throws IOException {
        Path shape = Files.writeString(temp.resolve("shape.json"), TinyCheckpoint.SHAPE);
        random(shape, "embedding", temp.resolve("a"), "--seed=7");
        random(shape, "embedding", temp.resolve("b"), "--seed=7");
        random(shape, "embedding", temp.resolve("c"), "--seed=8");
        assertEquals(-1, Files.mismatch(weights("a"), weights("b")));
        assertTrue(Files.mismatch(weights("a"), weights("c")) > 0);
    }

    @Test
    void randomNeverWritesOverAFolder() throws IOException {
        Path shape = Files.writeString(temp.resolve("shape.json"), TinyCheckpoint.SHAPE);
        Path precious = Files.createDirectory(temp.resolve("precious"));
        Files.writeString(precious.resolve("x"), "x");
        assertEquals(1, random(shape, "embedding", precious));
        assertTrue(err.toString().contains("the folder is not empty"), err.toString());
        assertEquals("x", Files.readString(precious.resolve("x")));
    }

    @Test
    void listShowsBrokenFoldersWithTheirError() throws IOException {
        Files.createDirectories(temp.resolve("broken"));
        assertEquals(1, run("list", temp.toString()));
        assertTrue(out.toString().contains("broken cannot be used: ["), out.toString());
        assertTrue(err.toString().contains("config.json] is missing"), err.toString());
    }

    @Test
    void downloadFetchesACheckpointThatOpens() throws IOException {
        Path original = TinyCheckpoint.write(temp, ModelKind.EMBEDDING);
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> paths = Files.list(original)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        try (HubServer server = new HubServer(files)) {
            Path into = temp.resolve("fetched");
            int code =
                    run("download", "test/model", "--from", server.address(), "--into", "" + into);
            assertEquals(0, code, err.toString());
            assertEquals("fetched is in " + into, out.toString().strip());
            assertTrue(err.toString().contains("model.safetensors: 100 %"), err.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|2|no command given",
                "fly --high|2|unknown command [fly]: one of [download,",
                "download|2|REPO",
                "download x|2|REPO must be of the form",
                "download a/b --from ftp://x|2|--from must be",
                "random --kind embedding --into x|2|--shape",
                "random --shape 0.6b --kind fast --into x|2|'fast'",
                "random --shape 9b --kind embedding --into x|2|shape must be one of [0.6b, 4b, 8b]",
                "random --shape 0.6b --kind embedding --into x --max-shard-size 0|2|got [0]",
                "random --shape 0.6b --kind embedding --into x --seed y|2|'y'",
                "list /nowhere/at/all|1|there is no folder [/nowhere/at/all]"
            })
    void wrongUsageIsOneLine(String arguments, int code, String said) {
        assertEquals(code, run(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertTrue(err.toString().contains(said), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertEquals("", out.toString());
    }

    private Path weights(String folder) {
        return temp.resolve(folder).resolve("model.safetensors");
    }

    private int random(Path shape, String kind, Path into, String... more) {
        String[] all =
                Stream.concat(
                                Stream.of(
                                        "random",
                                        "--shape=" + shape,
                                        "--kind=" + kind,
                                        "--into=" + into),
                                Stream.of(more))
                        .toArray(String[]::new);
        return run(all);
    }

    private int run(String... arguments) {
        CommandLine line = Qwen3.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
