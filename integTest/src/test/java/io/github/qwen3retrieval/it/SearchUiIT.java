package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.demo.Collection;
import io.github.qwen3retrieval.demo.PageServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The example of Elastic's Search UI, built with npm, in a real browser on a real node. */
@ExtendWith(SharedNode.class)
class SearchUiIT {

    private static final String QUERY = "which fossils are rare";
    private static final Path SOURCE = DemoPage.FOLDER.resolve("search-ui");
    private static final Path BUILT =
            Path.of(System.getProperty("it.checkout"), "integTest", "target", "search-ui");

    private static final Pattern JAVASCRIPT =
            Pattern.compile("^```js\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static List<Collection> collections;
    private static Browser browser;
    private static PageServer server;
    private static NodeClient client;

    @BeforeAll
    static void build(RealNode node) throws Exception {
        copySource();
        Path modules = BUILT.resolve("node_modules");
        Path installed = modules.resolve(".installed");
        String lock = Files.readString(SOURCE.resolve("package-lock.json"));
        // unlike npm ci, a second run needs no network
        if (!Files.exists(installed) || !Files.readString(installed).equals(lock)) {
            npm("ci", "--ignore-scripts", "--no-audit", "--no-fund");
            Files.writeString(installed, lock);
        }
        npm("run", "build");
        client = node.client();
        collections = DemoPage.ingest(node);
        server = DemoPage.serve(DemoPage.url(node), collections, BUILT.resolve("dist"));
        browser = Browser.start();
    }

    private static void copySource() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path path = SOURCE.relativize(file);
                boolean made = path.startsWith("node_modules") || path.startsWith("dist");
                if (made || Files.isDirectory(file)) {
                    continue;
                }
                Files.createDirectories(BUILT.resolve(path).getParent());
                Files.copy(file, BUILT.resolve(path), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void npm(String... arguments) throws Exception {
        List<String> command =
                Stream.concat(
                                Stream.of("npm", "--prefix", BUILT.toRealPath().toString()),
                                Stream.of(arguments))
                        .toList();
        try {
            Command.run(command, Map.of(), "").orFail();
        } catch (IOException e) {
            throw new AssertionError("[npm] is missing: apt-get install npm", e);
        }
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void showsTheHitsOfKnnAndRescoreOnAllPages() throws Exception {
        browser.open(app(), 1280, 900);
        type();
        List<String> expected = overRest();
        browser.await("the first page", () -> shown().equals(expected.subList(0, 10)));
        browser.screenshot("search-ui");
        browser.find(".rc-pagination-next button, .rc-pagination-next").click();
        browser.await("the second page", () -> shown().equals(expected.subList(10, 20)));
        assertEquals(List.of(), browser.console());
    }

    /** Search UI keeps its state in the address, filters too. */
    @Test
    void filtersBeforeTheNearestAreTaken() throws Exception {
        String last = overRest().getLast();
        String state =
                "?q=fossils&filters%5B0%5D%5Bfield%5D=_id&filters%5B0%5D%5Btype%5D=any"
                        + "&filters%5B0%5D%5Bvalues%5D%5B0%5D=";
        browser.open(app().resolve(state + last), 1280, 900);
        browser.await("the one hit", () -> shown().equals(List.of(last)));
        assertEquals(List.of(), browser.console());
    }

    @Test
    void isTheCodeThatTheGuidePrints() throws IOException {
        String code = Files.readString(SOURCE.resolve("src/connector.js"));
        String guide = Files.readString(SOURCE.resolve("README.md"));
        String readme = Files.readString(Path.of(System.getProperty("it.checkout"), "README.md"));
        List<String> printed =
                JAVASCRIPT
                        .matcher(guide + "\n" + readme)
                        .results()
                        .map(block -> block.group(1))
                        .toList();
        assertFalse(printed.isEmpty());
        printed.forEach(block -> assertTrue(code.contains(block), block));
    }

    @Test
    void saysWhatASearchFailedOf(RealNode node) throws Exception {
        var config = DemoPage.withoutReranker(DemoPage.url(node), collections);
        try (PageServer other = DemoPage.serve(config, BUILT.resolve("dist"))) {
            browser.open(other.url().resolve("search-ui/"), 1280, 900);
            type();
            browser.await("the error", () -> !browser.all(".sui-search-error").isEmpty());
            String error = browser.find(".sui-search-error").getText();
            assertTrue(error.contains("no-such-reranker"), error);
        }
    }

    private static URI app() {
        return server.url().resolve("search-ui/");
    }

    private static void type() {
        browser.await("the app", () -> !browser.all(".sui-search-box__text-input").isEmpty());
        browser.find(".sui-search-box__text-input").sendKeys(QUERY, Keys.ENTER);
    }

    private static List<String> shown() {
        return browser.all("li[data-id]").stream()
                .map(result -> result.getDomAttribute("data-id"))
                .toList();
    }

    private static List<String> overRest() throws IOException {
        String body =
                Template.fill(
                        """
                { "size": 50,
                  "knn": { "field": "text_vector", "k": 50, "num_candidates": 200,
                    "query_vector_builder": { "qwen3_embedding": {
                      "model_text": "%s", "model_id": "%s" } } },
                  "rescore": { "window_size": 50, "qwen3_reranker": {
                    "field": "text", "query_text": "%s", "model_id": "%s" } } }
                """,
                        QUERY, TestModels.EMBEDDING, QUERY, TestModels.RERANKER);
        String path = collections.getFirst().index() + "/_search";
        return Hits.of(client.post(path, body)).ids();
    }
}
