package io.github.qwen3retrieval.rescore;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.rest.RestStatus;

/** What searches do when the model is late, fails, or is asked wrongly. */
public class RescoreFailureTests extends ColoursTestCase {

    public void testHitsThatTimeDidNotSufficeForFollowInFirstStageOrder() throws IOException {
        colours("one", 1);
        List<String> first = search("one", "{'query':{'match':{'body':'common'}},'size':30}").ids();
        plugin.reranker.millisPerDocument = 100;
        Answer answer = search("one", rescored(30, ",'timeout':'1s'"));
        int reranked = (int) answer.hits().stream().filter(ColoursTestCase::reranked).count();
        assertTrue("reranked [" + reranked + "]", reranked > 0 && reranked < 30);
        assertEquals(first.subList(reranked, 30), answer.ids().subList(reranked, 30));
        assertThat(answer.warnings(), hasSize(2));
        assertThat(
                answer.warnings().toString(),
                containsString(
                        "[qwen3_reranker] kept the first-stage order of ["
                                + (30 - reranked)
                                + "] of [30] hits: the timeout of [1s] passed"));
        assertEquals(30 - reranked, plugin.timedOut.get());
        assertEquals(reranked, plugin.reranked.get());
        assertFalse(answer.timedOut());
    }

    public void testADeafModelDoesNotHoldTheSearch() throws Exception {
        colours("one", 1);
        List<String> first = search("one", "{'query':{'match':{'body':'common'}},'size':30}").ids();
        plugin.reranker.millisPerDocument = 100_000;
        plugin.reranker.ignoresTimeout = true;
        long start = System.nanoTime();
        Answer answer = search("one", rescored(30, ",'timeout':'100ms'"));
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), lessThan(20L));
        assertEquals(first, answer.ids());
        assertBusy(() -> assertEquals(1, plugin.reranker.abandoned.get()));
    }

    public void testATimeoutFailsWhereAskedTo() throws IOException {
        colours("one", 1);
        plugin.reranker.millisPerDocument = 50;
        String json = rescored(30, ",'timeout':'100ms','on_failure':'fail'");
        var e = assertStatus(RestStatus.REQUEST_TIMEOUT, () -> search("one", json));
        assertThat(
                ExceptionsHelper.unwrapCausesAndSuppressed(
                                e,
                                t ->
                                        t.getMessage() != null
                                                && t.getMessage().contains("within [100ms]"))
                        .isPresent(),
                org.hamcrest.Matchers.is(true));
    }

    public void testFailuresKeepTheOrderOrFailAsAsked() throws IOException {
        colours("three", 3);
        List<String> first =
                search("three", "{'query':{'match':{'body':'common'}},'size':30}").ids();
        Map<RuntimeException, RestStatus> failures =
                Map.of(
                        new ModelException("weights {are} damaged"),
                        RestStatus.FAILED_DEPENDENCY,
                        new RejectedExecutionException("queue is full"),
                        RestStatus.TOO_MANY_REQUESTS);
        for (var failure : failures.entrySet()) {
            for (boolean atOnce : List.of(true, false)) {
                plugin.reset();
                plugin.reranker.refusal = atOnce ? failure.getKey() : null;
                plugin.reranker.failure = atOnce ? null : failure.getKey();
                Answer kept = search("three", rescored(30, ""));
                assertEquals(first, kept.ids());
                assertEquals(0, kept.failedShards());
                assertEquals(30, plugin.failed.get());
                assertThat(kept.warnings().get(0), containsString(failure.getKey().getMessage()));
                assertStatus(
                        failure.getValue(),
                        () -> search("three", rescored(30, ",'on_failure':'fail'")));
            }
        }
    }

    public void testAWrongRequestFailsWhateverOnFailureSays() throws IOException {
        colours("one", 1);
        plugin.reranker.failure = new IllegalArgumentException("[model_id] [m] is not there");
        for (String choice : List.of("keep_order", "fail")) {
            String json = rescored(30, ",'on_failure':'" + choice + "'");
            assertStatus(RestStatus.BAD_REQUEST, () -> search("one", json));
        }
    }

    public void testAWrongRequestFailsThoughSomeShardsHaveNoHits() throws IOException {
        index("sparse", 5, "{\"properties\":{\"body\":{\"type\":\"text\"}}}");
        put("sparse", "only", "{\"body\":\"common red\"}");
        refresh("sparse");
        plugin.reranker.failure = new IllegalArgumentException("[model_id] [m] is not there");
        assertThat(
                assertStatus(RestStatus.BAD_REQUEST, () -> search("sparse", rescored(30, "")))
                        .getMessage(),
                containsString("[qwen3_reranker] [model_id] [m] is not there"));
    }

    public void testTheSearchTimeoutEndsTheWait() throws Exception {
        colours("one", 1);
        plugin.reranker.millisPerDocument = 100_000;
        Answer answer =
                search("one", rescored(30, "").replace("{'query'", "{'timeout':'200ms','query'"));
        assertTrue(answer.timedOut());
        assertEquals(30, answer.hits().size());
        assertBusy(() -> assertEquals(1, plugin.reranker.abandoned.get()));
    }

    public void testCancellingTheSearchEndsTheWait() throws Exception {
        colours("one", 1);
        plugin.reranker.millisPerDocument = 100_000;
        var future = client().search(request("one", rescored(30, "")));
        assertBusy(() -> assertEquals(1, plugin.reranker.requests.size()));
        client().admin()
                .cluster()
                .prepareCancelTasks()
                .setActions("indices:data/read/search*")
                .get();
        expectThrows(Exception.class, () -> future.actionGet(TimeValue.timeValueSeconds(20)));
        assertBusy(() -> assertEquals(1, plugin.reranker.abandoned.get()));
    }

    public void testDegradedAnswersAreNotCached() throws IOException {
        colours("one", 1);
        plugin.reranker.failure = new ModelException("broken");
        var broken = request("one", rescored(30, "")).requestCache(true);
        assertFalse(reranked(search(broken).hits().get(0)));
        plugin.reset();
        var whole = request("one", rescored(30, "")).requestCache(true);
        assertEquals(expectedOrder(), search(whole).ids());
    }

    public void testAShardThatFailsFirstIsStillHeardOf() throws IOException {
        colours("three", 3);
        plugin.reranker.millisPerDocument = 10;
        plugin.reranker.failsFirst = true;
        Answer answer = search("three", rescored(30, ""));
        assertTrue(plugin.reranker.failed.get() > 1);
        assertTrue(answer.hits().stream().anyMatch(hit -> reranked(hit)));
        assertTrue(answer.hits().stream().anyMatch(hit -> WindowScores.isKept(hit.score())));
        assertThat(
                answer.warnings().toString(),
                containsString("hits returned keep their first-stage order"));
    }
}
