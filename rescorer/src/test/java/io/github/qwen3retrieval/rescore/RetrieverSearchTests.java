package io.github.qwen3retrieval.rescore;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.rest.RestStatus;

/** The retriever in searches on a node. */
public class RetrieverSearchTests extends RerankSearchTestCase {

    private static final String QUERY = "red green blue";
    private static final String[] WORDS = {
        "red green blue pear",
        "red green pear",
        "red pear",
        "pear",
        "apple",
        "blue apple",
        "blue green apple",
        "red green blue apple",
        "grey apple pear",
        "black"
    };

    private final Map<String, String> texts = new HashMap<>();

    private void fruits(String index, int shards) {
        index(
                index,
                shards,
                "{\"properties\":{\"body\":{\"type\":\"text\"},\"n\":{\"type\":\"integer\"}}}");
        for (int i = 0; i < 40; i++) {
            String text = WORDS[i % 10] + " x".repeat(i / 10);
            texts.put("d" + i, text);
            put(index, "d" + i, "{\"n\":" + i + ",\"body\":\"" + text + "\"}");
        }
        refresh(index);
    }

    private static String standard(String word) {
        return "{'standard':{'query':{'match':{'body':'" + word + "'}}}}";
    }

    private static String one(String child, int window, String more) {
        return reranker("'retriever':" + child, window, more);
    }

    private static String two(int window, String more) {
        String children = standard("pear") + "," + standard("apple");
        return reranker("'retrievers':[" + children + "]", window, more);
    }

    private static String reranker(String children, int window, String more) {
        return "{'qwen3_reranker':{"
                + children
                + ",'field':'body','query_text':'"
                + QUERY
                + "','rank_window_size':"
                + window
                + more
                + "}}";
    }

    private static String search(String retriever, int size) {
        return "{'retriever':" + retriever + ",'size':" + size + "}";
    }

    private float expected(String id) {
        return WordOverlapReranker.probability(QUERY, texts.get(id));
    }

    private void assertReranked(Answer answer) {
        float last = 1;
        for (Hit hit : answer.hits()) {
            assertEquals(expected(hit.id()), hit.score(), 0f);
            assertTrue(hit.score() <= last);
            last = hit.score();
        }
    }

    private List<String> having(String... words) {
        return texts.keySet().stream()
                .filter(id -> List.of(words).stream().anyMatch(texts.get(id)::contains))
                .sorted()
                .toList();
    }

    public void testOneChildIsRerankedOnceOverAllShards() throws IOException {
        fruits("one", 1);
        fruits("three", 3);
        for (String index : List.of("one", "three")) {
            plugin.reset();
            Answer answer = search(index, search(one(standard("pear"), 40, ""), 40));
            assertEquals(having("pear"), answer.ids().stream().sorted().toList());
            assertReranked(answer);
            assertEquals(1, plugin.reranker.requests.size());
            assertEquals(answer.hits().size(), plugin.reranked.get());
            assertEquals(List.of(), answer.warnings());
        }
    }

    public void testSeveralChildrenAreRerankedAsOne() throws IOException {
        fruits("three", 3);
        Answer answer = search("three", search(two(40, ""), 40));
        assertEquals(having("pear", "apple"), answer.ids().stream().sorted().toList());
        assertReranked(answer);
        assertEquals(1, plugin.reranker.requests.size());
        assertEquals(36, answer.total());
    }

    public void testTheWindowTakesTheBestOfEveryChild() throws IOException {
        fruits("three", 3);
        List<String> pears = search("three", search(one(standard("pear"), 40, ""), 40)).ids();
        assertEquals(20, pears.size());
        plugin.reset();
        Answer answer = search("three", search(two(6, ""), 6));
        assertEquals(6, answer.hits().size());
        assertReranked(answer);
        var documents = plugin.reranker.requests.poll().documents();
        assertEquals(6, documents.size());
        assertTrue(documents.stream().filter(text -> text.contains("pear")).count() >= 3);
        assertTrue(documents.stream().filter(text -> text.contains("apple")).count() >= 3);
    }

    public void testPagesAreStableAndComplete() throws IOException {
        fruits("three", 3);
        List<String> whole = search("three", search(two(40, ""), 40)).ids();
        List<String> paged = new ArrayList<>();
        for (int from = 0; from < 36; from += 5) {
            String page = search(two(40, ""), 5).replace("'size'", "'from':" + from + ",'size'");
            paged.addAll(search("three", page).ids());
        }
        assertEquals(whole, paged);
    }

    public void testMinScoreAppliesToWhatTheModelScored() throws IOException {
        fruits("three", 3);
        put("three", "none", "{\"n\":1}");
        refresh("three");
        String all = "{'standard':{'query':{'match_all':{}}}}";
        Answer answer = search("three", search(one(all, 50, ",'min_score':0.5"), 50));
        List<String> fit =
                texts.keySet().stream().filter(id -> expected(id) >= 0.5f).sorted().toList();
        assertEquals(fit, answer.ids().stream().sorted().toList());
        assertReranked(answer);

        plugin.reranker.failure = new ModelException("broken");
        assertEquals(
                40, search("three", search(one(all, 50, ",'min_score':0.5"), 50)).hits().size());
    }

    public void testFilterAndNameReachTheChildren() throws IOException {
        fruits("three", 3);
        String more = ",'filter':{'range':{'n':{'lt':10}}},'_name':'ours'";
        Answer answer = search("three", search(two(40, more), 40));
        assertEquals(9, answer.hits().size());
        assertReranked(answer);
    }

    public void testHitsWithoutTextAreLastAndNotLost() throws IOException {
        fruits("three", 3);
        put("three", "none", "{\"n\":1}");
        refresh("three");
        String all = "{'standard':{'query':{'match_all':{}}}}";
        Answer answer = search("three", search(one(all, 50, ""), 50));
        assertEquals(41, answer.hits().size());
        assertEquals("none", answer.ids().get(40));
        assertReranked(new Answer(answer.hits().subList(0, 40), List.of(), false, 0, 0));
    }

    public void testAMisspeltFieldKeepsTheOrderAndWarns() throws IOException {
        fruits("three", 3);
        String json =
                search(one(standard("pear"), 40, ""), 40)
                        .replace("'field':'body'", "'field':'boby'");
        Answer answer = search("three", json);
        assertEquals(20, answer.hits().size());
        assertThat(answer.warnings().toString(), containsString("has text in [boby]"));
    }

    public void testTheTimeoutCutsTheTail() throws IOException {
        fruits("three", 3);
        plugin.reranker.millisPerDocument = 100;
        Answer answer =
                search("three", search(one(standard("pear"), 40, ",'timeout':'800ms'"), 40));
        assertEquals(20, answer.hits().size());
        List<Hit> reranked =
                answer.hits().stream().filter(h -> WindowScores.isReranked(h.score())).toList();
        assertTrue(reranked.size() > 0 && reranked.size() < 20);
        var documents = plugin.reranker.requests.poll().documents();
        assertEquals(
                documents.subList(reranked.size(), 20),
                answer.ids().subList(reranked.size(), 20).stream().map(texts::get).toList());
        assertThat(
                answer.warnings().toString(),
                containsString("[" + (20 - reranked.size()) + "] of the [20] hits returned keep"));
    }

    public void testADeafModelDoesNotHoldTheSearch() throws Exception {
        fruits("three", 3);
        plugin.reranker.millisPerDocument = 100_000;
        plugin.reranker.ignoresTimeout = true;
        Answer answer = search("three", search(one(standard("pear"), 40, ",'timeout':'50ms'"), 40));
        assertEquals(20, answer.hits().size());
        assertBusy(() -> assertEquals(1, plugin.reranker.abandoned.get()));
    }

    public void testFailuresKeepTheOrderOrFailAsAsked() throws IOException {
        fruits("three", 3);
        for (boolean atOnce : List.of(true, false)) {
            var broken = new ModelException("weights are damaged");
            plugin.reranker.refusal = atOnce ? broken : null;
            plugin.reranker.failure = atOnce ? null : broken;
            Answer kept = search("three", search(two(40, ""), 40));
            assertEquals(36, kept.hits().size());
            assertThat(kept.warnings().toString(), containsString("[36] of the [36] hits"));
            String json = search(two(40, ",'on_failure':'fail'"), 40);
            Exception e = expectThrows(Exception.class, () -> search("three", json));
            assertEquals(RestStatus.FAILED_DEPENDENCY, ExceptionsHelper.status(e));
            assertThat(firstReason(e), equalTo("weights are damaged"));
        }
        plugin.reset();
        plugin.reranker.failure = new IllegalArgumentException("[model_id] [m] is not there");
        Exception wrong =
                expectThrows(Exception.class, () -> search("three", search(two(40, ""), 40)));
        assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(wrong));
        assertThat(firstReason(wrong), containsString("[m] is not there"));
        Exception tooWide =
                expectThrows(Exception.class, () -> search("three", search(two(20_000, ""), 40)));
        assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(tooWide));
        assertThat(firstReason(tooWide), containsString("Result window is too large"));
    }

    /** What a user reads first. */
    private static String firstReason(Exception e) {
        return ElasticsearchException.guessRootCauses(e)[0].getMessage();
    }

    public void testNoCandidates() throws IOException {
        fruits("three", 3);
        Answer answer = search("three", search(one(standard("nothing"), 10, ""), 10));
        assertEquals(0, answer.hits().size());
        assertTrue(plugin.reranker.requests.isEmpty());
    }

    public void testExplainEqualsTheScore() throws IOException {
        fruits("three", 3);
        String json =
                search(two(40, ",'model_id':'m','instruction':'i'"), 40)
                        .replace("{'retriever':{'qwen3", "{'explain':true,'retriever':{'qwen3");
        Answer answer = search("three", json);
        assertEquals(36, answer.hits().size());
        for (Hit hit : answer.hits()) {
            assertEquals(hit.score(), hit.explanation().getValue().floatValue(), 0f);
            assertThat(
                    hit.explanation().toString(),
                    containsString("P(yes) by model [m] with instruction [i], log-odds ["));
            assertThat(hit.explanation().toString(), containsString("weight(body:"));
        }
    }

    public void testInsideAndAroundOtherRetrievers() throws IOException {
        fruits("three", 3);
        String rescorer =
                "{'rescorer':{'retriever':"
                        + standard("pear")
                        + ",'rescore':{'window_size':40,'query':{'rescore_query':{'match':{'body':"
                        + "'red'}}}}}}";
        Answer over = search("three", search(one(rescorer, 40, ""), 40));
        assertEquals(20, over.hits().size());
        assertReranked(over);
        String under =
                "{'rescorer':{'retriever':"
                        + one(standard("pear"), 40, "")
                        + ",'rescore':{'window_size':40,'query':{'rescore_query':{'match':{'body':"
                        + "'black'}}}}}}";
        assertReranked(search("three", search(under, 40)));
        assertReranked(search("three", search(one(one(standard("pear"), 40, ""), 40, ""), 40)));
    }

    public void testAggregationsSeeAllMatches() throws IOException {
        fruits("three", 3);
        String json =
                search(two(5, ""), 5)
                        .replace("'size':5", "'size':5,'aggs':{'n':{'value_count':{'field':'n'}}}");
        Answer answer = search("three", json);
        assertEquals(5, answer.hits().size());
        assertEquals(36, answer.total());
    }

    public void testFieldsThatAreNotInTheSource() throws IOException {
        index(
                "excluded",
                2,
                "{\"_source\":{\"excludes\":[\"title\"]},\"properties\":{\"title\":{\"type\":\"text\","
                        + "\"store\":true},\"body\":{\"type\":\"text\"}}}");
        Map<String, String> joined = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            put(
                    "excluded",
                    "e" + i,
                    "{\"title\":\"" + WORDS[i] + "\",\"body\":[\"pear\",\"n" + i + "\"]}");
            joined.put("e" + i, WORDS[i] + "\npear\nn" + i);
        }
        refresh("excluded");
        String json =
                search(one(standard("pear"), 10, ""), 10)
                        .replace("'field':'body'", "'field':['title','body']");
        Answer answer = search("excluded", json);
        assertEquals(10, answer.hits().size());
        for (Hit hit : answer.hits()) {
            float exact = WordOverlapReranker.probability(QUERY, joined.get(hit.id()));
            assertEquals(exact, hit.score(), 0f);
        }
    }

    public void testWrongRequests() throws IOException {
        fruits("one", 1);
        Map<String, String> wrong = new HashMap<>();
        wrong.put(
                search(two(5, ""), 6),
                "[rank_window_size: 5] be greater than or equal to [size: 6]");
        wrong.put(search(two(0, ""), 1), "[rank_window_size] must be at least [1], got [0]");
        wrong.put(search(two(10, ",'min_score':2"), 1), "[min_score] must be between [0] and [1]");
        wrong.put(
                search(two(10, ",'filed':'x'"), 1), "unknown parameter [filed], known are [field,");
        wrong.put(search(reranker("'retrievers':[]", 10, ""), 1), "[retrievers] must not be empty");
        wrong.put(
                search(two(10, ",'retriever':" + standard("x")), 1),
                "needs [retriever] or [retrievers], not both");
        for (var request : wrong.entrySet()) {
            Exception e = expectThrows(Exception.class, () -> search("one", request.getKey()));
            assertThat(ExceptionsHelper.stackTrace(e), containsString(request.getValue()));
            assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
        }
    }
}
