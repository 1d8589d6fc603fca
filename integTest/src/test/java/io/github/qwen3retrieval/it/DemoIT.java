package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README's first command, from nothing to its removal, and what it says where it cannot go. */
class DemoIT {

    private static final Path CHECKOUT = Path.of(System.getProperty("it.checkout")).normalize();

    /** Rank, then score, mark, document and words: before and after. */
    private static final Pattern HITS =
            Pattern.compile(
                    "^  [1-5]  ([01]\\.\\d{4}) [* ] en-p\\d{3} .+ \\| ([01]\\.\\d{4}) [* ] en-p\\d{3} .+$",
                    Pattern.MULTILINE);

    private static final Pattern URL = Pattern.compile("runs on at http://([0-9.]+):(\\d+)");
    private static final Pattern CURL = Pattern.compile("^curl (.|\\n)*?'\\n", Pattern.MULTILINE);

    private Path home;
    private Map<String, String> environment;

    @BeforeEach
    void chooseHome() throws IOException {
        home = ScratchFolders.create("demo").resolve("home");
        environment =
                new HashMap<>(
                        Map.of(
                                "QWEN3_DEMO_HOME",
                                home.toString(),
                                "QWEN3_DEMO_PORT",
                                "",
                                "QWEN3_EMBEDDING",
                                "",
                                "QWEN3_RERANKER",
                                "",
                                "QWEN3_PLUGIN_ZIP",
                                Installation.pluginZip().toString(),
                                "QWEN3_NODE_ZIP",
                                System.getProperty("it.elasticsearch.zip"),
                                "JAVA_HOME",
                                System.getProperty("java.home")));
    }

    @AfterEach
    void reset() throws Exception {
        demo("--reset").orFail();
    }

    @Test
    void searchesAndReranksAndGoesOnWhereItStood() throws Exception {
        String first = demo().orFail().out();
        assertTrue(first.contains("RANDOM WEIGHTS"), first);
        assertTrue(first.contains("ingested 240 of 240 paragraphs"), first);
        assertEquals(15, HITS.matcher(first).results().count(), first);
        assertCurlRepeatsTheLastHits(first);

        String second = demo().orFail().out();
        assertTrue(second.contains("the node is already running"), second);
        assertTrue(second.contains("already holds the 240 paragraphs"), second);
        assertEquals(hits(first), hits(second));

        Path mine = home.resolve("models/qwen3-embedding-mine");
        ScratchFolders.copy(TestModels.folder().resolve(TestModels.EMBEDDING), mine);
        environment.put("QWEN3_RERANKER", TestModels.folder().resolve(TestModels.RERANKER) + "");
        String own = demo().orFail().out();
        assertFalse(own.contains("RANDOM WEIGHTS"), own);
        assertTrue(own.contains("ingested 240 of 240 paragraphs"), own);
        assertTrue(own.contains("embedding with [qwen3-embedding-mine], reranking with"), own);
        assertTrue(own.contains("[" + TestModels.RERANKER + "]"), own);

        Matcher url = URL.matcher(own);
        assertTrue(url.find(), own);
        assertEquals("the node is stopped\n", demo("--stop").orFail().out());
        assertThrows(
                ConnectException.class,
                () -> new Socket(url.group(1), Integer.parseInt(url.group(2))).close());
        assertTrue(demo("--stop").orFail().out().startsWith("no node is running in ["));
        String kept = demo("--reset").orFail().out();
        assertTrue(kept.contains("but your checkpoints in [" + mine.getParent() + "]"), kept);
        assertEquals(List.of("qwen3-embedding-mine"), List.of(mine.getParent().toFile().list()));
        ScratchFolders.delete(mine);
        assertEquals("removed [" + home + "]\n", demo("--reset").orFail().out());
        assertFalse(Files.exists(home));
        assertTrue(Files.exists(TestModels.folder().resolve(TestModels.RERANKER)));
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        String help = demo("--help").orFail().out();
        List.of("--stop", "--reset", "QWEN3_DEMO_PORT", "QWEN3_EMBEDDING", home.toString())
                .forEach(name -> assertTrue(help.contains(name), help));
    }

    @Test
    void refusesUnknownOptions() throws Exception {
        assertEquals(
                "demo: unknown option [--stopp]; known are --stop, --reset, --help",
                refused(2, "--stopp"));
        assertEquals(
                "demo: at most one option, got [--stop --reset]; see ./demo --help",
                refused(2, "--stop", "--reset"));
    }

    @Test
    void refusesPortsThatItCannotHave() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            environment.put("QWEN3_DEMO_PORT", port + "");
            assertEquals(
                    "demo: port ["
                            + port
                            + "] is taken: stop what listens there or set QWEN3_DEMO_PORT to"
                            + " another",
                    refused(1));
        }
        environment.put("QWEN3_DEMO_PORT", "70000");
        assertEquals(
                "demo: QWEN3_DEMO_PORT must be a port between [1] and [65535], got [70000]",
                refused(1));
    }

    @Test
    void leavesFoldersOfOthersAlone() throws Exception {
        Files.createDirectories(home);
        Path mine = Files.writeString(home.resolve("mine"), "mine");
        assertTrue(refused(1).startsWith("demo: [" + home + "] holds other files: "));
        demo("--reset").orFail();
        assertTrue(Files.exists(mine));
    }

    @Test
    void namesTheInputThatIsMissing() throws Exception {
        for (String variable : List.of("QWEN3_EMBEDDING", "QWEN3_PLUGIN_ZIP", "QWEN3_NODE_ZIP")) {
            String before = environment.put(variable, "/no/such/place");
            assertTrue(refused(1).contains("[/no/such/place]"), variable);
            environment.put(variable, before);
        }
    }

    @Test
    void saysThatThereIsNoNetwork() throws Exception {
        environment.put("QWEN3_NODE_ZIP", "");
        environment.put(
                "MAVEN_OPTS",
                "-Dmaven.repo.local="
                        + home.resolveSibling("repository")
                        + " -DsocksProxyHost=127.0.0.1 -DsocksProxyPort=1");
        List<String> lines = demo().err().lines().toList();
        assertEquals("fetching Elasticsearch 9.5.3 (132 MB)", lines.get(0));
        assertTrue(
                lines.get(1).startsWith("demo: Maven could not download what it needs: is there"),
                lines::toString);
        assertEquals(2, lines.size(), lines::toString);
    }

    /** The printed commands are two: knn, and knn with rescore. The second gives what was shown. */
    private void assertCurlRepeatsTheLastHits(String printed) throws Exception {
        List<String> commands =
                CURL.matcher(printed).results().map(match -> match.group()).toList();
        assertEquals(2, commands.size(), printed);
        Command curl = Command.run(List.of("bash", "-c", commands.get(1)), Map.of(), "").orFail();
        JsonNode top = new ObjectMapper().readTree(curl.out()).at("/hits/hits/0/_score");
        List<String> shown = hits(printed);
        assertEquals(
                Double.parseDouble(shown.get(shown.size() - 5).split(" ")[1]),
                top.asDouble(),
                5.1e-5,
                curl.out());
    }

    private static List<String> hits(String printed) {
        return HITS.matcher(printed)
                .results()
                .map(match -> match.group(1) + " " + match.group(2))
                .toList();
    }

    /** The one line on standard error of a run that ends with this code. */
    private String refused(int exit, String... arguments) throws Exception {
        Command command = demo(arguments);
        assertEquals(exit, command.exit(), command::toString);
        assertEquals(1, command.err().lines().count(), command::toString);
        return command.err().strip();
    }

    private Command demo(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = CHECKOUT.resolve("demo").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Command.run(List.of(command), environment, "");
    }
}
