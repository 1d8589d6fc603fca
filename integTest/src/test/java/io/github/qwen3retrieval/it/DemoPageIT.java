package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.qwen3retrieval.demo.Collection;
import io.github.qwen3retrieval.demo.PageServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The demo's search page as a person uses it, in a real browser on a real node. */
@ExtendWith(SharedNode.class)
class DemoPageIT {

    private static final String QUERY = "which fossils are rare";
    private static final List<String> STAGES = List.of("bm25", "knn", "rerank");
    private static final Path NOT_BUILT = Path.of("not-built");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Text that would act, were it read as markup. */
    private static final String HOSTILE =
            "<img src=x onerror=\"document.title='broken'\"> <b>fossils</b> &amp; \"quotes\" ' \\u0000";

    private static List<Collection> collections;
    private static Browser browser;
    private static PageServer server;
    private static NodeClient client;

    @BeforeAll
    static void open(RealNode node) throws Exception {
        client = node.client();
        collections = DemoPage.ingest(node, hostile());
        server = DemoPage.serve(DemoPage.url(node), collections, NOT_BUILT);
        browser = Browser.start();
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

    private static Collection hostile() {
        JsonObject about =
                JsonParser.parseString(
                                """
                                { "name": "hostile", "title": "Hostile", "documents": "texts",
                                  "about": "<i>one</i>", "form": "prose" }
                                """)
                        .getAsJsonObject();
        JsonObject document = new JsonObject();
        document.addProperty("_id", "<u>1</u>");
        document.addProperty("text", HOSTILE);
        Collection.Sample sample = new Collection.Sample("<s>fossils</s>", Set.of("<u>1</u>"));
        return new Collection(about, List.of(document), List.of(sample));
    }

    @Test
    void showsTheHitsOfTheThreeSearchesSideBySide() throws Exception {
        openPage(server.url(), 1440, 1300);
        type(QUERY);
        List<String> before = null;
        for (String stage : STAGES) {
            Hits expected = overRest(stage);
            assertEquals(expected.ids().subList(0, 10), shown(stage));
            assertEquals(
                    Math.min(expected.hits().get(0).score(), 1e9),
                    Double.parseDouble(browser.find("#" + stage + " .score").getText()),
                    expected.hits().get(0).score() * 1e-3);
            String times = browser.find("#" + stage + " .times").getText();
            assertTrue(times.matches("(?s)\\d+ ms.*fetch \\d+ ms"), times);
            assertMovements(before, stage);
            before = expected.ids();
        }
        assertArrows();
        browser.screenshot("desktop");
        assertEquals(List.of(), browser.console());
        assertEquals(List.of(), browser.barriers());
    }

    /** The marks beside the ranks, from the order of the column before, all of which is known. */
    private static void assertMovements(List<String> before, String stage) {
        List<String> expected = new ArrayList<>();
        List<String> ids = shown(stage);
        for (int rank = 1; before != null && rank <= ids.size(); rank++) {
            int from = before.indexOf(ids.get(rank - 1)) + 1;
            int up = from - rank;
            expected.add(from == 0 ? "new" : up == 0 ? "=" : up > 0 ? "▲ " + up : "▼ " + -up);
        }
        assertEquals(
                expected,
                browser.all("#" + stage + " .move > :first-child").stream()
                        .map(WebElement::getText)
                        .toList());
    }

    /** One arrow for each hit of the second and third column that the one before shows, too. */
    private static void assertArrows() {
        List<String> expected = new ArrayList<>();
        for (int i = 1; i < STAGES.size(); i++) {
            List<String> before = shown(STAGES.get(i - 1));
            shown(STAGES.get(i)).stream().filter(before::contains).forEach(expected::add);
        }
        assertFalse(expected.isEmpty());
        assertEquals(
                expected,
                browser.all("#columns > svg > g:not(.far)").stream()
                        .map(arrow -> arrow.getDomAttribute("data-id"))
                        .toList());
    }

    @Test
    void explainsAHitThatIsClickedOrChosenByKeyboard() {
        openPage(server.url(), 1440, 1300);
        type(QUERY);
        browser.find("#rerank li button").click();
        await("the explanation", "#hit[open] .tree");
        String why = browser.find("#hit").getText();
        assertTrue(why.contains("P(yes) by model [" + TestModels.RERANKER + "]"), why);
        assertTrue(why.contains("logit of yes"), why);
        assertTrue(why.contains(shown("rerank").getFirst()), why);
        assertTrue(browser.all("#hit .positions .here strong").getFirst().getText().equals("1"));
        browser.focused().sendKeys(Keys.ESCAPE);
        browser.await("closed", () -> browser.all("dialog[open]").isEmpty());

        WebElement second = browser.find("#bm25 li:nth-child(2) button");
        assertEquals(browser.find("#rerank li button"), browser.focused());
        browser.run("arguments[0].focus()", second);
        browser.focused().sendKeys(Keys.ENTER);
        await("the explanation", "#hit[open] .tree");
        assertTrue(browser.find("#hit").getText().contains("idf, computed as"));
        browser.find("#hit .title button").click();
        assertEquals(second, browser.focused());
        assertEquals(List.of(), browser.console());
    }

    @Test
    void givesTheRequestOfEachColumnToBeSentByHand() throws Exception {
        openPage(server.url(), 1440, 1300);
        type(QUERY);
        for (String stage : STAGES) {
            List<String> seen = shown(stage);
            String json = copied(stage, "Copy JSON");
            assertEquals(
                    seen, Hits.of(client.post(index() + "/_search", json)).ids().subList(0, 10));
            Command curl =
                    Command.run(List.of("bash", "-c", copied(stage, "Copy as curl")), Map.of(), "");
            JsonNode hits = JSON.readTree(curl.orFail().out()).at("/hits/hits");
            assertEquals(seen.getFirst(), hits.at("/0/_id").asText());
        }
        assertEquals(List.of(), browser.console());
    }

    /** Copies a column's request, and pastes it where it can be read. */
    private static String copied(String stage, String button) {
        browser.find("#" + stage + " .name button").click();
        await("the request", "#request[open]");
        browser.all("#request .actions button").stream()
                .filter(each -> each.getText().equals(button))
                .findFirst()
                .orElseThrow()
                .click();
        browser.await("copied", () -> browser.find("#request .said").getText().equals("Copied"));
        browser.run(
                """
                const area = document.createElement("textarea");
                document.querySelector("#request .inner").append(area);
                area.focus();
                """);
        browser.focused().sendKeys(Keys.chord(Keys.CONTROL, "v"));
        String text = (String) browser.run("return document.querySelector('textarea').value");
        browser.find("#request .title button").click();
        return text;
    }

    @Test
    void fitsAPhone() throws Exception {
        openPage(server.url(), 390, 844);
        type(QUERY);
        for (String stage : STAGES) {
            browser.find("#switch [data-stage=" + stage + "]").click();
            for (String each : STAGES) {
                assertEquals(
                        each.equals(stage), browser.find("#" + each + " li").isDisplayed(), each);
            }
            assertNoSidewaysScroll();
        }
        browser.screenshot("phone");
        browser.find("#rerank li button").click();
        await("the explanation", "#hit[open] .tree");
        assertNoSidewaysScroll();
        browser.screenshot("phone-explanation");
        assertEquals(List.of(), browser.console());
        assertEquals(List.of(), browser.barriers());
        browser.find("#hit .title button").click();
        assertEquals(List.of(), browser.barriers());
    }

    private static void assertNoSidewaysScroll() {
        Object width = browser.run("return document.documentElement.scrollWidth");
        assertTrue(((Number) width).intValue() <= 390, width::toString);
    }

    @Test
    void isDarkWhereTheUserPrefersThat() throws Exception {
        openPage(server.url(), 1440, 1300);
        String light = browser.find("body").getCssValue("background-color");
        browser.dark(true);
        String dark = browser.find("body").getCssValue("background-color");
        assertTrue(red(light) > 200 && red(dark) < 60, light + " " + dark);
        browser.all("#corpora label").get(1).click();
        awaitFunctions();
        browser.screenshot("dark");
        browser.find("#knn .name button").click();
        browser.screenshot("dark-request");
        assertEquals(List.of(), browser.console());
        assertEquals(List.of(), browser.barriers());
        browser.find("#request .title button").click();
        assertEquals(List.of(), browser.barriers());
    }

    private static int red(String colour) {
        return Integer.parseInt(colour.replaceAll("^\\D+(\\d+),.*", "$1"));
    }

    @Test
    void offersCollectionsAndSampleQueriesWhoseAnswersAreMarked() {
        openPage(server.url(), 1440, 1300);
        browser.all("#corpora label").get(1).click();
        awaitFunctions();
        WebElement chip = browser.all("#samples .chip").get(2);
        String query = chip.getText();
        chip.click();
        browser.await(
                "taken over", () -> query.equals(browser.find("#query").getDomProperty("value")));
        Collection.Sample sample =
                collections.get(1).samples().stream()
                        .filter(each -> each.text().equals(query))
                        .findFirst()
                        .orElseThrow();
        await("the verdict", "#verdict strong");
        for (String stage : STAGES) {
            List<String> marked =
                    browser.all("#" + stage + " li.answer").stream()
                            .map(card -> card.getDomAttribute("data-id"))
                            .toList();
            assertEquals(shown(stage).stream().filter(sample.answers()::contains).toList(), marked);
        }
        // a word in common with its answer: the label is seen at least here
        assertFalse(browser.all("#bm25 li.answer").isEmpty());
        browser.find("#samples .more").click();
        assertFalse(
                browser.all("#samples .chip").stream()
                        .anyMatch(each -> each.getText().equals(query)));
        openPage(URI.create((String) browser.run("return location.href")), 1440, 1300);
        assertEquals(query, browser.find("#query").getDomProperty("value"));
        assertEquals(List.of(), browser.console());
    }

    @Test
    void showsTextsAsTheyAre() {
        openPage(server.url(), 1440, 1300);
        browser.all("#corpora label").get(2).click();
        browser.await("hits", () -> !browser.all("#rerank li").isEmpty());
        assertEquals(HOSTILE, browser.find("#rerank .text").getDomProperty("textContent"));
        browser.find("#rerank li button").click();
        await("the explanation", "#hit[open] .tree");
        assertEquals("<u>1</u>", browser.find("#hit-title").getText());
        assertEquals("Qwen3 Retrieval: search", browser.run("return document.title"));
        assertEquals(0L, browser.run("return document.querySelectorAll('img, b, u, s, i').length"));
        assertEquals(List.of(), browser.console());
    }

    @Test
    void saysThatTheNodeIsDown() throws Exception {
        URI nothing = URI.create("http://127.0.0.1:1");
        try (PageServer alone = DemoPage.serve(nothing, collections, NOT_BUILT)) {
            browser.open(alone.url(), 1440, 1300);
            await("the alert", "#alert:not([hidden])");
            assertEquals(
                    "The node at [http://127.0.0.1:1] does not answer: run ./demo again",
                    browser.find("#alert").getText());
            browser.screenshot("node-down");
            assertEquals(List.of(), browser.barriers());
        }
        // the page's own server has gone, too
        type("once more");
        browser.await(
                "another alert",
                () ->
                        browser.find("#alert")
                                .getText()
                                .equals("The demo does not answer. Start it again: ./demo"));
    }

    @Test
    void saysWhatASearchFailedOfAndKeepsTheOthers(RealNode node) throws Exception {
        JsonObject config = DemoPage.withoutReranker(DemoPage.url(node), collections);
        try (PageServer other = DemoPage.serve(config, NOT_BUILT)) {
            browser.open(other.url(), 1440, 1300);
            await("the alert", "#alert:not([hidden])");
            String alert = browser.find("#alert").getText();
            assertTrue(alert.contains("no-such-reranker"), alert);
            assertTrue(alert.contains(TestModels.RERANKER), alert);
            assertEquals(10, shown("knn").size());
            assertEquals(List.of(), shown("rerank"));
        }
    }

    private static void openPage(URI url, int width, int height) {
        browser.open(url, width, height);
        awaitSearch();
    }

    /** Ids of functions begin with a c. */
    private static void awaitFunctions() {
        browser.await(
                "functions", () -> shown("rerank").stream().anyMatch(id -> id.startsWith("c")));
    }

    private static void type(String query) {
        WebElement input = browser.find("#query");
        input.clear();
        input.sendKeys(query, Keys.ENTER);
        browser.await(
                "an answer or an alert",
                () ->
                        browser.find("#verdict").getText().startsWith("Open a hit")
                                || browser.find("#alert").isDisplayed());
    }

    private static void awaitSearch() {
        browser.await(
                "three columns",
                () -> browser.find("#verdict").getText().startsWith("Rank of the labelled answer"));
    }

    private static void await(String what, String css) {
        browser.await(what, () -> !browser.all(css).isEmpty());
    }

    private static String index() {
        return collections.getFirst().index();
    }

    private static List<String> shown(String stage) {
        return browser.all("#" + stage + " li[data-id]").stream()
                .map(card -> card.getDomAttribute("data-id"))
                .toList();
    }

    /** The search of a column, written down anew. */
    private static Hits overRest(String stage) throws IOException {
        String knn =
                Template.fill(
                        """
                "knn": { "field": "text_vector", "k": 50, "num_candidates": 200,
                  "query_vector_builder": { "qwen3_embedding": {
                    "model_text": "%s", "model_id": "%s" } } }
                """,
                        QUERY, TestModels.EMBEDDING);
        String rescore =
                Template.fill(
                        """
                "rescore": { "window_size": 50, "qwen3_reranker": {
                  "field": "text", "query_text": "%s", "model_id": "%s" } }
                """,
                        QUERY, TestModels.RERANKER);
        String search =
                switch (stage) {
                    case "bm25" -> "\"query\": { \"match\": { \"text\": \"" + QUERY + "\" } }";
                    case "knn" -> knn;
                    default -> knn + ", " + rescore;
                };
        return Hits.of(client.post(index() + "/_search", "{ \"size\": 50, " + search + " }"));
    }
}
