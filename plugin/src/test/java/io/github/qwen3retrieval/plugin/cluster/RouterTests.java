package io.github.qwen3retrieval.plugin.cluster;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.nullValue;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.plugin.Failures;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.common.breaker.CircuitBreaker;
import org.elasticsearch.common.breaker.CircuitBreakingException;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;
import org.junit.After;
import org.junit.Before;

/** Requests among nodes: who answers, what is tried again, what is said, and what is abandoned. */
public class RouterTests extends ESTestCase {

    private static final TimeValue LONG = TimeValue.timeValueMinutes(5);
    private static final String MODEL = "m";

    private TestNodes nodes;
    private TestNodes.Node asking;
    private TestNodes.Node first;
    private TestNodes.Node second;

    @Before
    public void startNodes() {
        nodes = new TestNodes(getTestName());
        asking = nodes.start("asking", LONG);
        first = nodes.start("first", LONG);
        second = nodes.start("second", LONG);
    }

    @After
    public void closeNodes() {
        nodes.close();
    }

    private static EmbeddingRequest documents(String modelId) {
        return new EmbeddingRequest(
                modelId, InputType.DOCUMENT, List.of("one", "other"), "i", 32, 99);
    }

    private CompletableFuture<List<Embedding>> ask() {
        return asking.router().embed(documents(MODEL));
    }

    private static <T> T get(CompletableFuture<T> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    /** The failure as the user sees it. */
    private static Throwable failure(CompletableFuture<?> answer) {
        ExecutionException e = expectThrows(ExecutionException.class, () -> get(answer));
        return Failures.translate(e.getCause());
    }

    private static void assertFails(
            CompletableFuture<?> answer, RestStatus status, String... words) {
        Throwable failure = failure(answer);
        assertThat(failure.toString(), ExceptionsHelper.status(failure), equalTo(status));
        for (String word : words) {
            assertThat(failure.getMessage(), containsString(word));
        }
    }

    private void both(String sha256) {
        first.served().add(MODEL, ModelKind.EMBEDDING, sha256);
        second.served().add(MODEL, ModelKind.EMBEDDING, sha256);
        nodes.cluster(asking, first, second);
    }

    /** Which of the two was asked so often. */
    private TestNodes.Node asked(int times) {
        return first.served().embedded.size() == times ? first : second;
    }

    public void testTheNodeWithTheModelAnswersTheRequestAsItIs() throws Exception {
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        nodes.cluster(asking, first, second);
        List<Embedding> answer = get(ask());
        assertThat(answer, hasSize(2));
        assertArrayEquals(new float[] {1}, answer.get(1).vector(), 0);
        assertThat(answer.get(1).tokens(), equalTo(5));
        assertThat(second.served().embedded, equalTo(List.of(documents(MODEL))));
        get(asking.router().embed(documents(null)));
        assertThat(second.served().embedded.getLast(), equalTo(documents(MODEL)));
    }

    public void testScoresTravelWithTheirGaps() throws Exception {
        second.served().add("r", ModelKind.RERANKER, null);
        RerankScore score = new RerankScore(1.5f, -2, 17, true);
        RerankResponse given = new RerankResponse("r", "i", Arrays.asList(score, null));
        second.served().reranker = request -> CompletableFuture.completedFuture(given);
        nodes.cluster(asking, first, second);
        RerankRequest request =
                new RerankRequest(null, "q", List.of("a", "b"), "i", 77, Duration.ofMinutes(1));
        assertThat(get(asking.router().rerank(request)), equalTo(given));
        RerankRequest told = second.served().reranked.getFirst();
        assertThat(told.query() + told.documents() + told.maxLength(), equalTo("q[a, b]77"));
        assertTrue(told.timeout().compareTo(request.timeout()) <= 0);
    }

    public void testThisNodeComesFirstThenTheLeastLoaded() throws Exception {
        first.served().queueTokens = 5000;
        both(null);
        for (int i = 0; i < 5; i++) {
            get(ask());
        }
        assertThat(first.served().embedded, empty());
        asking.served().add(MODEL, ModelKind.EMBEDDING, null);
        nodes.cluster(asking, first);
        nodes.cluster(asking, first, second);
        assertBusy(
                () -> {
                    get(ask());
                    assertFalse(asking.served().embedded.isEmpty());
                });
    }

    public void testAnotherNodeAnswersWhereOneIsLost() throws Exception {
        both(null);
        first.served().embedder = request -> new CompletableFuture<>();
        second.served().embedder = request -> new CompletableFuture<>();
        CompletableFuture<List<Embedding>> answer = ask();
        assertBusy(() -> assertThat(asked(1).served().embedded, hasSize(1)));
        TestNodes.Node lost = asked(1);
        TestNodes.Node other = lost == first ? second : first;
        other.served().embedder =
                request -> CompletableFuture.completedFuture(StubServed.vectors(request, 2));
        nodes.crash(lost);
        assertThat(get(answer).getFirst().vector()[0], equalTo(2f));
        // and where it was lost before
        assertThat(get(ask()).getFirst().vector()[0], equalTo(2f));
        nodes.crash(other);
        assertFails(ask(), RestStatus.SERVICE_UNAVAILABLE, "model [m]", "gone; try again");
    }

    public void testAModelWhoseNodeLeftIsNotAModelThatNeverWas() throws Exception {
        both("a");
        get(ask());
        nodes.crash(first);
        nodes.crash(second);
        nodes.cluster(asking);
        assertFails(ask(), RestStatus.SERVICE_UNAVAILABLE, "[m] was on node [", "has left");
        assertFails(
                asking.router().embed(documents(null)),
                RestStatus.SERVICE_UNAVAILABLE,
                "[m] was on node [");
        assertFails(
                asking.router().embed(documents("nowhere")),
                RestStatus.BAD_REQUEST,
                "[model_id] [nowhere] is on no node of this cluster");
        TestNodes.Node third = nodes.start("third", LONG);
        third.served().add(MODEL, ModelKind.EMBEDDING, "a");
        nodes.cluster(asking, third);
        assertThat(get(ask()), hasSize(2));
    }

    public void testWhatIsWrongWithTheRequestIsTheAnswer() throws Exception {
        both(null);
        first.served().embedder =
                request ->
                        CompletableFuture.failedFuture(
                                new IllegalArgumentException("[dimensions] must be {}"));
        second.served().embedder = first.served().embedder;
        Throwable failure = failure(ask());
        assertThat(failure, instanceOf(IllegalArgumentException.class));
        assertThat(failure.getMessage(), equalTo("[dimensions] must be {}"));
        assertThat(first.served().embedded.size() + second.served().embedded.size(), equalTo(1));
    }

    public void testFailuresOfModelsKeepTheirStatus() {
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        nodes.cluster(asking, first, second);
        fail(new ModelException("model [m] cannot be opened"));
        assertFails(ask(), RestStatus.FAILED_DEPENDENCY, "model [m] cannot be opened");
        fail(new RejectedExecutionException("[9] tokens wait"));
        assertFails(ask(), RestStatus.TOO_MANY_REQUESTS, "[9] tokens wait");
        fail(
                new CircuitBreakingException(
                        "[qwen3] Data too large", 9, 8, CircuitBreaker.Durability.PERMANENT));
        assertFails(ask(), RestStatus.TOO_MANY_REQUESTS, "[qwen3] Data too large");
        second.served().embedder =
                request -> {
                    throw new IllegalStateException("thrown");
                };
        assertFails(ask(), RestStatus.INTERNAL_SERVER_ERROR, "thrown");
    }

    private void fail(RuntimeException failure) {
        second.served().embedder = request -> CompletableFuture.failedFuture(failure);
    }

    public void testANodeWithoutRoomLetsAnotherAnswer() throws Exception {
        both(null);
        first.served().queueTokens = 0;
        second.served().queueTokens = 9;
        first.served().embedder =
                request ->
                        CompletableFuture.failedFuture(new RejectedExecutionException("too much"));
        assertThat(get(ask()), hasSize(2));
        second.served().embedder = first.served().embedder;
        assertFails(ask(), RestStatus.TOO_MANY_REQUESTS, "too much");
    }

    public void testAModelThatWasRemovedIsLookedForElsewhere() throws Exception {
        first.served().add(MODEL, ModelKind.EMBEDDING, null);
        nodes.cluster(asking, first, second);
        get(ask());
        first.served().offers = List.of();
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        first.served().embedder =
                request ->
                        CompletableFuture.failedFuture(
                                new IllegalArgumentException("[model_id] [m] is not there"));
        assertThat(get(ask()), hasSize(2));
        assertThat(second.served().embedded, hasSize(1));
        second.served().offers = List.of();
        second.served().embedder = first.served().embedder;
        assertFails(ask(), RestStatus.BAD_REQUEST, "[m] is on no node of this cluster");
    }

    public void testAModelThatWasAddedIsFoundAtOnce() throws Exception {
        nodes.cluster(asking, first, second);
        assertFails(ask(), RestStatus.BAD_REQUEST, "[m] is on no node of this cluster");
        first.served().add(MODEL, ModelKind.EMBEDDING, null);
        assertThat(get(ask()), hasSize(2));
    }

    public void testANodeWithoutThePluginHasNoModels() throws Exception {
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        nodes.cluster(asking, nodes.startWithoutPlugin("bare"), second);
        assertThat(get(asking.router().embed(documents(null))), hasSize(2));
        assertFails(
                asking.router().embed(documents("nowhere")),
                RestStatus.BAD_REQUEST,
                "[nowhere] is on no node of this cluster, which has [m]");
    }

    public void testNodesThatDisagreeAreNotMixed() throws Exception {
        asking.served().add(MODEL, ModelKind.EMBEDDING, "aaaaaaaaaaaaaaaa");
        second.served().add(MODEL, ModelKind.EMBEDDING, "bbbbbbbbbbbbbbbb");
        nodes.cluster(asking, first, second);
        assertFails(
                ask(),
                RestStatus.FAILED_DEPENDENCY,
                "[aaaaaaaaaaaa…] on [asking]",
                "[bbbbbbbbbbbb…] on [second]",
                "_reload");
        second.served().offers = asking.served().offers;
        assertThat(get(ask()), hasSize(2));
    }

    public void testCancellingAbandonsTheWorkOnTheOtherNode() throws Exception {
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        CompletableFuture<List<Embedding>> work = new CompletableFuture<>();
        second.served().embedder = request -> work;
        nodes.cluster(asking, first, second);
        CompletableFuture<List<Embedding>> answer = ask();
        assertBusy(() -> assertThat(second.served().embedded, hasSize(1)));
        answer.cancel(true);
        assertBusy(() -> assertTrue(work.isCancelled()));
        assertBusy(
                () -> {
                    for (TestNodes.Node node : List.of(asking, second)) {
                        assertTrue(node.transport().getTaskManager().getTasks().isEmpty());
                    }
                });
    }

    public void testWorkIsAbandonedWhenTheNodeThatAskedIsGone() throws Exception {
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        CompletableFuture<List<Embedding>> work = new CompletableFuture<>();
        second.served().embedder = request -> work;
        nodes.cluster(asking, first, second);
        ask();
        assertBusy(() -> assertThat(second.served().embedded, hasSize(1)));
        nodes.crash(asking);
        assertBusy(() -> assertTrue(work.isCancelled()));
    }

    public void testNothingOfTheUserIsSent() throws Exception {
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        List<String> seen = new CopyOnWriteArrayList<>();
        var context = nodes.threads.getThreadContext();
        second.served().embedder =
                request -> {
                    seen.add(String.valueOf(context.getHeader("user")));
                    return CompletableFuture.completedFuture(StubServed.vectors(request, 1));
                };
        nodes.cluster(asking, first, second);
        context.putHeader("user", "somebody");
        get(ask());
        assertThat(seen, equalTo(List.of("null")));
        assertThat(context.getHeader("user"), equalTo("somebody"));
    }

    public void testANodeThatHangsIsGivenUp() throws Exception {
        TestNodes.Node hasty = nodes.start("hasty", TimeValue.timeValueMillis(50));
        second.served().add(MODEL, ModelKind.EMBEDDING, null);
        second.served().add("r", ModelKind.RERANKER, null);
        CompletableFuture<List<Embedding>> work = new CompletableFuture<>();
        CompletableFuture<RerankResponse> scores = new CompletableFuture<>();
        second.served().embedder = request -> work;
        second.served().reranker = request -> scores;
        nodes.cluster(hasty, first, second);
        EmbeddingRequest query =
                new EmbeddingRequest(MODEL, InputType.QUERY, List.of("q"), null, null, null);
        assertFails(
                hasty.router().embed(query),
                RestStatus.REQUEST_TIMEOUT,
                "[qwen3.query.timeout] of [50ms]");
        assertBusy(() -> assertTrue(work.isCancelled()));
        RerankRequest request =
                new RerankRequest("r", "q", List.of("a"), null, null, Duration.ofMillis(20));
        RerankResponse response = get(hasty.router().rerank(request));
        assertThat(response.scores(), hasSize(1));
        assertThat(response.scores().getFirst(), nullValue());
        assertBusy(() -> assertTrue(scores.isCancelled()));
    }
}
