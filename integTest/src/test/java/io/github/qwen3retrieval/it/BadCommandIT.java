package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The installed command line, used wrongly: one line on standard error, exit code 2 or 1. */
class BadCommandIT {

    private static final BadInputTable TABLE = new BadInputTable("5 command line");

    private static Path brokenModel;

    @AfterAll
    static void write() throws IOException {
        TABLE.write();
    }

    static Stream<Arguments> commands() {
        String hub = "http://127.0.0.1:1";
        return Stream.of(
                row("", 2, "no command given", "download"),
                row("embedd --model E", 2, "[embedd]", "embed,"),
                row("embed --model /no/such/folder", 2, "[--model]", "[/no/such/folder]"),
                row("rerank --model E --query ice", 2, "[embedding]", "[reranker]"),
                row("verify W", 1, "model.safetensors", "copy it again"),
                row("list /no/such/folder", 1, "[/no/such/folder]", "qwen3 list DIR"),
                row("download Qwen3-Embedding-0.6B", 2, "REPO", "[Qwen3-Embedding-0.6B]"),
                row("download a/b --into /proc/qwen3 --from " + hub, 1, "/proc/qwen3"),
                row("random --shape 0.6b --kind embedding --into /proc/m", 1, "[/proc/m]"),
                row("random --shape 0.6b --kind embedding --into E", 1, "not empty"));
    }

    private static Arguments row(String command, int exit, String... says) {
        return Arguments.of(command, exit, List.of(says));
    }

    @ParameterizedTest(name = "qwen3 {0}")
    @MethodSource("commands")
    void oneLineSaysWhy(String command, int exit, List<String> says) throws Exception {
        Command done = run("{\"text\": \"ice\"}\n", command);
        TABLE.row("qwen3 " + command, "exit " + done.exit(), done.err());
        assertEquals(exit, done.exit(), done.err());
        assertSays(done, says);
    }

    @Test
    void aBadLineIsNamedByItsNumber() throws Exception {
        Command done = run("{\"text\": \"ice\"}\n{\"text\": 5}\n", "embed --model E");
        TABLE.row("qwen3 embed < {\"text\": 5}", "exit " + done.exit(), done.err());
        assertEquals(2, done.exit());
        assertSays(done, List.of("line [2]", "{\"text\":"));
    }

    @Test
    void aDownloadWithoutNetworkSaysHowToCopyByHand() throws Exception {
        Command done = run("", "download a/b --into N --from http://127.0.0.1:1");
        // above it one line per further try
        String last = done.err().lines().reduce("", (before, line) -> line);
        TABLE.row("qwen3 download a/b, no network", "exit " + done.exit(), last);
        assertEquals(1, done.exit());
        assertTrue(last.contains("no connection to [http://127.0.0.1:1]"), last);
        assertTrue(last.contains("copy config.json, tokenizer.json"), last);
    }

    @Test
    void aNodeWhosePortIsTakenSaysSo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Installation installation = SharedInstallation.get();
            NodeConfig config =
                    NodeConfig.create(installation, Map.of("http.port", taken.getLocalPort()));
            try (RealNode node = new RealNode(installation, config)) {
                node.launch();
                int exit = node.awaitExit();
                String said =
                        node.log()
                                .lines()
                                .filter(line -> line.contains("Failed to bind to"))
                                .findFirst()
                                .orElseThrow(() -> new AssertionError(node.logTail(40)));
                TABLE.row("elasticsearch, its port taken", "exit " + exit, said);
                assertTrue(exit != 0);
            }
        }
    }

    private static Command run(String input, String command) throws Exception {
        Path broken = broken();
        List<String> arguments = new ArrayList<>();
        for (String argument : command.isEmpty() ? new String[0] : command.split(" ")) {
            arguments.add(
                    switch (argument) {
                        case "E" -> TestModels.folder().resolve(TestModels.EMBEDDING).toString();
                        case "W" -> broken.toString();
                        case "N" -> broken.resolveSibling("new").toString();
                        default -> argument;
                    });
        }
        return SharedInstallation.get().qwen3(input, arguments.toArray(String[]::new));
    }

    private static synchronized Path broken() throws IOException {
        if (brokenModel == null) {
            brokenModel = cutModel();
        }
        return brokenModel;
    }

    private static Path cutModel() throws IOException {
        Path models = ScratchFolders.create("broken");
        BadCheckpoint cut =
                BadCheckpoint.all().stream()
                        .filter(checkpoint -> checkpoint.id().equals("weights-cut"))
                        .findFirst()
                        .orElseThrow();
        cut.writeTo(models);
        return models.resolve(cut.id());
    }

    /** What Java says of its module where a command that computes for long takes it. */
    private static boolean ofJava(String line) {
        return line.equals("WARNING: Using incubator modules: jdk.incubator.vector");
    }

    private static void assertSays(Command done, List<String> says) {
        assertEquals(
                1, done.err().lines().filter(line -> ofJava(line) == false).count(), done.err());
        for (String fragment : says) {
            assertTrue(done.err().contains(fragment), "no [" + fragment + "] in " + done.err());
        }
    }
}
