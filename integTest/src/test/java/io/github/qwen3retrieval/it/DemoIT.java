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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final Pattern URL =
            Pattern.compile("The (?:node|search page) runs on at (http://127.0.0.1:\\d+)");
    private static final Pattern CURL = Pattern.compile("^curl (.|\\n)*?'\\n", Pattern.MULTILINE);

    /** Documents of each collection: enough to see all that happens. */
    private static final String FEW = "80";

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
                                "QWEN3_DEMO_MODELS",
                                home.resolveSibling("demo-models").toString(),
                                "QWEN3_DEMO_DOCUMENTS",
                                FEW,
                                "QWEN3_DEMO_PORT",
                                "",
                                "QWEN3_DEMO_PAGE_PORT",
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
        assertIngested(first);
        assertEquals(5, HITS.matcher(first).results().count(), first);
        assertCurlRepeatsTheHits(first);
        assertPageSearches(first);

        String second = demo().orFail().out();
        assertTrue(second.contains("the node is already running"), second);
        assertTrue(second.contains("index [qwen3-demo-xquad-en] already holds the 80 par"), second);
        assertTrue(second.contains("index [qwen3-demo-cosqa] already holds the 80 func"), second);
        assertEquals(hits(first), hits(second));
        assertEquals(addresses(first), addresses(second));

        takeDemoModels();
        String demo = demo().orFail().out();
        assertFalse(demo.contains("RANDOM WEIGHTS"), demo);
        assertTrue(demo.contains("The demo's models are small ones"), demo);
        assertTrue(demo.contains("embedding with [demo-embedding], reranking with"), demo);
        assertIngested(demo);

        Path mine = home.resolve("models/qwen3-embedding-mine");
        ScratchFolders.copy(TestModels.folder().resolve(TestModels.EMBEDDING), mine);
        environment.put("QWEN3_RERANKER", TestModels.folder().resolve(TestModels.RERANKER) + "");
        String own = demo().orFail().out();
        assertFalse(own.contains("The demo's models"), own);
        assertTrue(own.contains("embedding with [qwen3-embedding-mine], reranking with"), own);
        assertTrue(own.contains("[" + TestModels.RERANKER + "]"), own);
        // the same bytes under another name: what they made is kept
        assertTrue(own.contains("index [qwen3-demo-xquad-en] already holds the 80 par"), own);
        assertPageSearches(own);

        assertEquals(
                "the search page is stopped\nthe node is stopped\n", demo("--stop").orFail().out());
        for (URI address : addresses(own)) {
            assertThrows(
                    ConnectException.class,
                    () -> new Socket(address.getHost(), address.getPort()).close());
        }
        assertTrue(demo("--stop").orFail().out().startsWith("no node is running in ["));
        String kept = demo("--reset").orFail().out();
        assertTrue(kept.contains("but your checkpoints in [" + mine.getParent() + "]"), kept);
        assertEquals(List.of("qwen3-embedding-mine"), List.of(mine.getParent().toFile().list()));
        ScratchFolders.delete(mine);
        assertEquals("removed [" + home + "]\n", demo("--reset").orFail().out());
        assertFalse(Files.exists(home));
        assertTrue(Files.exists(TestModels.folder().resolve(TestModels.RERANKER)));
    }

    /** Puts the tests' models where the demo's are. */
    private void takeDemoModels() throws IOException {
        Path models = Path.of(environment.get("QWEN3_DEMO_MODELS"));
        Files.createDirectories(models);
        ScratchFolders.copy(
                TestModels.folder().resolve(TestModels.EMBEDDING),
                models.resolve("demo-embedding"));
        ScratchFolders.copy(
                TestModels.folder().resolve(TestModels.RERANKER), models.resolve("demo-reranker"));
    }

    private static void assertIngested(String printed) {
        for (String noun : List.of("paragraphs", "functions")) {
            assertTrue(
                    Pattern.compile(
                                    "\\[=+] 80 of 80 "
                                            + noun
                                            + ", \\d+\\.\\d documents/s, in \\d+ s\n")
                            .matcher(printed)
                            .find(),
                    printed);
        }
    }

    /** The page is there, and hands searches on. */
    private static void assertPageSearches(String printed) throws Exception {
        URI page = addresses(printed).getFirst();
        Command html = curl(page + "/");
        assertTrue(html.out().contains("<title>Qwen3 Retrieval: search</title>"), html.out());
        JsonNode config = new ObjectMapper().readTree(curl(page + "/demo.json").out());
        for (JsonNode collection : config.get("collections")) {
            String search = page + "/" + collection.get("index").asText() + "/_search";
            Command answer =
                    curl(search, "-H", "Content-Type: application/json", "-d", "{\"size\":1}");
            JsonNode total = new ObjectMapper().readTree(answer.out()).at("/hits/total/value");
            assertEquals(collection.get("count").asInt(), total.asInt(), answer.out());
        }
    }

    private static Command curl(String url, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60", url));
        command.addAll(List.of(options));
        return Command.run(command, Map.of(), "").orFail();
    }

    /** Where the search page and the node run. */
    private static List<URI> addresses(String printed) {
        return URL.matcher(printed).results().map(url -> URI.create(url.group(1))).toList();
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        String help = demo("--help").orFail().out();
        List.of("--stop", "--reset", "QWEN3_DEMO_PAGE_PORT", "QWEN3_EMBEDDING", home.toString())
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
        for (String variable : List.of("QWEN3_DEMO_PORT", "QWEN3_DEMO_PAGE_PORT")) {
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = taken.getLocalPort();
                environment.put(variable, port + "");
                assertEquals(
                        "demo: port ["
                                + port
                                + "] is taken: stop what listens there or set "
                                + variable
                                + " to another",
                        refused(1));
            }
            environment.put(variable, "70000");
            assertEquals(
                    "demo: " + variable + " must be a port between [1] and [65535], got [70000]",
                    refused(1));
            environment.put(variable, "");
        }
    }

    @Test
    void refusesWhatIsNoNumberOfDocuments() throws Exception {
        for (String wrong : List.of("0", "few", "-3", "1e3")) {
            environment.put("QWEN3_DEMO_DOCUMENTS", wrong);
            assertEquals(
                    "demo: QWEN3_DEMO_DOCUMENTS must be a number of documents, at least [1], got ["
                            + wrong
                            + "]",
                    refused(1));
        }
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

    /** The printed command gives the hits that were shown as those after reranking. */
    private static void assertCurlRepeatsTheHits(String printed) throws Exception {
        List<String> commands =
                CURL.matcher(printed).results().map(match -> match.group()).toList();
        assertEquals(1, commands.size(), printed);
        Command curl = Command.run(List.of("bash", "-c", commands.get(0)), Map.of(), "").orFail();
        JsonNode found = new ObjectMapper().readTree(curl.out()).at("/hits/hits");
        List<String> shown = hits(printed);
        for (int i = 0; i < shown.size(); i++) {
            assertEquals(
                    Double.parseDouble(shown.get(i).split(" ")[1]),
                    found.get(i).get("_score").asDouble(),
                    5.1e-5,
                    curl.out());
        }
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
