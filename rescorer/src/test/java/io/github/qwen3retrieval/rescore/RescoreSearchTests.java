package io.github.qwen3retrieval.rescore;

import static org.hamcrest.Matchers.containsString;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.elasticsearch.action.ActionRequestValidationException;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.search.aggregations.metrics.TopHits;

/** The rescorer in searches on a node. */
public class RescoreSearchTests extends ColoursTestCase {

    public void testScoresAreTheModelsHoweverManyShards() throws IOException {
        colours("one", 1);
        colours("three", 3);
        for (String index : List.of("one", "three")) {
            Answer answer = search(index, rescored(30, ""));
            assertEquals(expectedOrder(), answer.ids());
            for (Hit hit : answer.hits()) {
                float exact = WordOverlapReranker.probability(QUERY, texts.get(hit.id()));
                assertEquals(exact, hit.score(), 0f);
            }
            assertEquals(List.of(), answer.warnings());
        }
        assertEquals(60, plugin.reranked.get());
    }

    public void testTheRescorerRetrieverGivesTheSame() throws IOException {
        colours("three", 3);
        String json =
                "{'retriever':{'rescorer':{'retriever':{'standard':{'query':{'match':{'body':"
                        + "'common'}}}},'rescore':"
                        + rescore(30, "'field':'body'")
                        + "}},'size':30}";
        Answer answer = search("three", json);
        assertEquals(expectedOrder(), answer.ids());
        Answer topLevel = search("three", rescored(30, ""));
        for (int i = 0; i < 30; i++) {
            assertEquals(topLevel.hits().get(i).score(), answer.hits().get(i).score(), 0f);
        }
    }

    public void testDocumentsReachTheModelInFirstStageOrder() throws IOException {
        colours("one", 1);
        List<String> first = search("one", "{'query':{'match':{'body':'common'}},'size':30}").ids();
        search("one", rescored(30, ",'model_id':'m','instruction':'i','max_length':77"));
        var request = plugin.reranker.requests.poll();
        assertEquals(first.stream().map(texts::get).toList(), request.documents());
        assertEquals("m", request.modelId());
        assertEquals("i", request.instruction());
        assertEquals(77, request.maxLength().intValue());
        assertEquals(QUERY, request.query());
    }

    public void testPagesOverTheWindowAreStableAndComplete() throws IOException {
        colours("three", 3);
        List<String> paged = new ArrayList<>();
        for (int from = 0; from < 30; from += 7) {
            String page = rescored(35, "").replace("'size':30", "'size':7,'from':" + from);
            paged.addAll(search("three", page).ids());
        }
        assertEquals(expectedOrder(), paged);
    }

    public void testAWindowBelowFromPlusSizeIsRefused() throws IOException {
        colours("one", 1);
        String json = rescored(12, "").replace("'size':30", "'size':8,'from':5");
        var e = expectThrows(ActionRequestValidationException.class, () -> search("one", json));
        assertThat(
                e.getMessage(),
                containsString(
                        "[qwen3_reranker] requires [window_size] to be at least [from + size], got"
                                + " [window_size: 12] and [from + size: 13]"));
        var missing = rescored(12, "").replace("'window_size':12,", "");
        assertThat(
                expectThrows(Exception.class, () -> search("one", missing)).getMessage(),
                containsString("window_size is required"));
    }

    public void testWhatElasticsearchRefuses() throws IOException {
        colours("one", 1);
        String sorted = rescored(30, "").replace("{'query'", "{'sort':[{'_doc':'asc'}],'query'");
        assertStatus(RestStatus.BAD_REQUEST, () -> search("one", sorted));
        String huge = rescored(10001, "");
        assertStatus(RestStatus.BAD_REQUEST, () -> search("one", huge));
        var scroll = request("one", rescored(30, "")).scroll(TimeValue.timeValueMinutes(1));
        assertStatus(RestStatus.BAD_REQUEST, () -> search(scroll));
    }

    public void testSizeZeroDoesNotAskTheModel() throws IOException {
        colours("one", 1);
        String json = rescored(5, "").replace("'size':30", "'size':0");
        assertEquals(30, search("one", json).total());
        assertTrue(plugin.reranker.requests.isEmpty());
    }

    public void testHitsWithoutTextAreLastAndNotLost() throws IOException {
        colours("three", 3);
        put("three", "none-absent", "{}");
        put("three", "none-blank", "{\"body\":\"  \"}");
        put("three", "none-null", "{\"body\":null}");
        refresh("three");
        String json = rescored(40, "").replace("'match':{'body':'common'}", "'match_all':{}");
        Answer answer = search("three", json.replace("'size':30", "'size':40"));
        assertEquals(33, answer.hits().size());
        assertEquals(expectedOrder(), answer.ids().subList(0, 30));
        for (Hit hit : answer.hits().subList(30, 33)) {
            assertThat(hit.id(), containsString("none-"));
            assertTrue(hit.score() > 0 && reranked(hit) == false);
        }
        assertEquals(30, plugin.reranked.get());
    }

    public void testAMisspeltFieldKeepsTheOrderAndWarns() throws IOException {
        colours("one", 1);
        List<String> first = search("one", "{'query':{'match':{'body':'common'}},'size':30}").ids();
        Answer answer = search("one", rescored(30, "").replace("'field':'body'", "'field':'boby'"));
        assertEquals(first, answer.ids());
        assertThat(
                answer.warnings().get(0), containsString("none of [30] hits has text in [boby]"));
        assertTrue(plugin.reranker.requests.isEmpty());
    }

    public void testExplainShowsTheModelsWordAndTheScore() throws IOException {
        colours("three", 3);
        put("three", "none", "{\"title\":\"no body\"}");
        refresh("three");
        String json =
                rescored(40, ",'model_id':'m'")
                        .replace("{'query'", "{'explain':true,'query'")
                        .replace("'match':{'body':'common'}", "'match_all':{}")
                        .replace("'size':30", "'size':40");
        Answer answer = search("three", json);
        assertEquals(31, answer.hits().size());
        for (Hit hit : answer.hits()) {
            var explanation = hit.explanation();
            assertEquals(hit.score(), explanation.getValue().floatValue(), 0f);
            String told = explanation.toString();
            if (hit.id().equals("none")) {
                assertThat(told, containsString("has no text in [body]"));
                continue;
            }
            var score = WordOverlapReranker.score(QUERY, texts.get(hit.id()));
            assertThat(told, containsString("P(yes) by model [m] with instruction [Given"));
            assertThat(told, containsString(score.yes() + " = logit of yes"));
            assertThat(told, containsString(score.no() + " = logit of no"));
            assertThat(told, containsString(score.tokens() + " = tokens of the prompt, truncated"));
            assertThat(told, containsString("first-stage score"));
        }
    }

    public void testExplainOfKeptHitsEqualsTheirScore() throws IOException {
        colours("one", 1);
        plugin.reranker.failure = new ModelException("broken");
        String json = rescored(30, "").replace("{'query'", "{'explain':true,'query'");
        for (Hit hit : search("one", json).hits()) {
            assertEquals(hit.score(), hit.explanation().getValue().floatValue(), 0f);
            assertThat(hit.explanation().toString(), containsString("was not reranked"));
        }
    }

    public void testInAnArrayWithOtherRescorers() throws IOException {
        colours("three", 3);
        String query = "{'window_size':30,'query':{'rescore_query':{'match':{'body':'grey'}}}}";
        String ours = rescore(30, "'field':'body'");
        Answer last =
                search(
                        "three",
                        "{'query':{'match':{'body':'common'}},'rescore':["
                                + query
                                + ","
                                + ours
                                + "],'size':30}");
        assertEquals(expectedOrder(), last.ids());
        Answer first =
                search(
                        "three",
                        "{'query':{'match':{'body':'common'}},'rescore':["
                                + ours
                                + ","
                                + query
                                + "],'size':30}");
        assertEquals(30, first.hits().size());
        assertThat(texts.get(first.ids().get(0)), containsString("grey"));
    }

    public void testTopHitsKeepsHitsBeyondTheWindow() throws IOException {
        colours("one", 1);
        String json =
                rescored(5, "")
                        .replace("'size':30", "'size':5,'aggs':{'top':{'top_hits':{'size':20}}}");
        var request = request("one", json);
        List<Integer> sizes = new ArrayList<>();
        org.elasticsearch.test.hamcrest.ElasticsearchAssertions.assertResponse(
                client().prepareSearch("one").setSource(request.source()),
                response -> {
                    TopHits top = response.getAggregations().get("top");
                    sizes.add(top.getHits().getHits().length);
                });
        assertEquals(List.of(20), sizes);
    }

    public void testACollapsedSearchIsRescored() throws IOException {
        index(
                "groups",
                2,
                "{\"properties\":{\"body\":{\"type\":\"text\"},\"g\":{\"type\":\"keyword\"}}}");
        for (int i = 0; i < 12; i++) {
            put(
                    "groups",
                    "g" + i,
                    "{\"g\":\"" + i % 4 + "\",\"body\":\"common " + COLOURS[i % 6] + "\"}");
        }
        refresh("groups");
        Answer answer =
                search(
                        "groups",
                        rescored(30, "").replace("{'query'", "{'collapse':{'field':'g'},'query'"));
        assertEquals(4, answer.hits().size());
        assertTrue(answer.hits().stream().allMatch(ColoursTestCase::reranked));
    }
}
