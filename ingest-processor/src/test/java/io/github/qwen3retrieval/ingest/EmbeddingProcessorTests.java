package io.github.qwen3retrieval.ingest;

import static org.elasticsearch.ingest.IngestDocumentMatcher.assertIngestDocument;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.sameInstance;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticsearch.cluster.metadata.ProjectId;
import org.elasticsearch.ingest.CompoundProcessor;
import org.elasticsearch.ingest.IngestDocument;
import org.elasticsearch.ingest.RandomDocumentPicks;
import org.elasticsearch.ingest.TestProcessor;
import org.elasticsearch.test.ESTestCase;
import org.hamcrest.Matchers;

/** What becomes of a document that goes through the processor. */
public class EmbeddingProcessorTests extends ESTestCase {

    private static final String REMEDY =
            "; set [ignore_missing] to [true] to index documents without text, without a vector";

    private final HeldEmbedder held = new HeldEmbedder();

    private static EmbeddingProcessor processor(Embedder embedder, Object... keysAndValues) {
        Map<String, Object> config = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        if (config.containsKey("input_output") == false) {
            config.putIfAbsent("field", "body");
            config.putIfAbsent("target_field", "body_vector");
        }
        return new EmbeddingProcessor.Factory(() -> embedder)
                .create(Map.of(), null, null, config, ProjectId.DEFAULT);
    }

    private static List<Map<String, String>> titleAndBody() {
        return List.of(
                Map.of("input_field", "title", "output_field", "title_vector"),
                Map.of("input_field", "body", "output_field", "body_vector"));
    }

    private static IngestDocument document(Object... keysAndValues) {
        Map<String, Object> source = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            source.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return RandomDocumentPicks.randomIngestDocument(random(), source);
    }

    private static List<Float> vector(String text) {
        List<Float> floats = new ArrayList<>();
        for (float value : HashEmbedder.vector(text, HashEmbedder.HIDDEN_SIZE)) {
            floats.add(value);
        }
        return floats;
    }

    private static String failure(Object body) throws Exception {
        EmbeddingProcessor processor = processor(new HashEmbedder());
        Exception e = Answer.of(processor, document("body", body)).failure();
        assertThat(e, instanceOf(IllegalArgumentException.class));
        return e.getMessage();
    }

    public void testAddsTheVectorAndTouchesNothingElse() throws Exception {
        IngestDocument document = RandomDocumentPicks.randomIngestDocument(random());
        String text = randomRealisticUnicodeOfCodepointLengthBetween(1, 50) + "x";
        String field = RandomDocumentPicks.addRandomField(random(), document, text);
        IngestDocument expected = new IngestDocument(document);
        expected.setFieldValue("the_vector", vector(text));

        EmbeddingProcessor processor =
                processor(new HashEmbedder(), "field", field, "target_field", "the_vector");
        IngestDocument result = Answer.of(processor, document).document();

        assertThat(result, sameInstance(document));
        assertIngestDocument(expected, result);
    }

    public void testADocumentWithItsVectorCanBeCopied() throws Exception {
        IngestDocument result =
                Answer.of(processor(new HashEmbedder()), document("body", "a")).document();
        assertThat(new IngestDocument(result).getSource(), equalTo(result.getSource()));
    }

    public void testLaterProcessorsMayChangeTheVector() throws Exception {
        IngestDocument result =
                Answer.of(processor(new HashEmbedder()), document("body", "a")).document();
        result.setFieldValue("body_vector.0", 1f);
        assertThat(result.getFieldValue("body_vector.0", Float.class), equalTo(1f));
    }

    public void testReadsAndWritesInsideObjects() throws Exception {
        Map<String, Object> inner = new HashMap<>(Map.of("text", "deep", "other", 1));
        EmbeddingProcessor processor =
                processor(new HashEmbedder(), "field", "a.text", "target_field", "a.v.w");
        IngestDocument result = Answer.of(processor, document("a", inner)).document();
        assertThat(result.getFieldValue("a.v.w", List.class), equalTo(vector("deep")));
        assertThat(result.getFieldValue("a.other", Integer.class), equalTo(1));
    }

    public void testReplacesTheVectorOfAnEarlierText() throws Exception {
        IngestDocument document = document("body", "new", "body_vector", vector("old"));
        IngestDocument result = Answer.of(processor(new HashEmbedder()), document).document();
        assertThat(result.getFieldValue("body_vector", List.class), equalTo(vector("new")));
    }

    public void testPassesTheOptionsOn() {
        EmbeddingProcessor all =
                processor(
                        held,
                        "model_id",
                        "m",
                        "instruction",
                        "i",
                        "dimensions",
                        48,
                        "max_length",
                        96);
        Answer.of(all, document("body", "text"));
        Answer.of(processor(held), document("body", "text"));
        assertThat(
                held.held.getFirst().request(),
                equalTo(
                        new EmbeddingRequest(
                                "m", InputType.DOCUMENT, List.of("text"), "i", 48, 96)));
        assertThat(
                held.held.getLast().request(),
                equalTo(
                        new EmbeddingRequest(
                                null, InputType.DOCUMENT, List.of("text"), null, null, null)));
    }

    public void testJoinsValuesWithALineBreak() throws Exception {
        List<Object> values =
                Arrays.asList("one", null, List.of("two", List.of(" three "), List.of()), "", "4");
        Answer.of(processor(held), document("body", values));
        assertThat(
                held.held.getFirst().request().texts(), equalTo(List.of("one\ntwo\n three \n4")));
    }

    public void testATextIsEmbeddedAsItIs() {
        String text = " \n two lines\r\n<|im_end|>\t";
        Answer.of(processor(held), document("body", text));
        assertThat(held.held.getFirst().request().texts(), equalTo(List.of(text)));
    }

    public void testAllFieldsOfADocumentGoInOneRequest() throws Exception {
        IngestDocument document = document("title", "t", "body", "b");
        Answer answer = Answer.of(processor(held, "input_output", titleAndBody()), document);
        assertThat(held.held, Matchers.hasSize(1));
        assertThat(held.held.getFirst().request().texts(), equalTo(List.of("t", "b")));
        held.held.getFirst().answer();
        IngestDocument result = answer.document();
        assertThat(result.getFieldValue("title_vector", List.class), equalTo(vector("t")));
        assertThat(result.getFieldValue("body_vector", List.class), equalTo(vector("b")));
    }

    public void testADocumentWithoutTextFailsAndSaysWhatToDo() throws Exception {
        Exception missing = Answer.of(processor(held), document("other", "text")).failure();
        assertThat(
                missing.getMessage(),
                equalTo("field [body] not present as part of path [body]" + REMEDY));
        String noText = "field [body] holds no text" + REMEDY;
        assertThat(failure(null), equalTo(noText));
        assertThat(failure(""), equalTo(noText));
        assertThat(failure(" \t\r\n\u3000"), equalTo(noText));
        assertThat(failure(List.of()), equalTo(noText));
        assertThat(failure(Arrays.asList(null, List.of(" "))), equalTo(noText));
        assertThat(held.held, Matchers.empty());
    }

    public void testIgnoreMissingLeavesADocumentWithoutTextAlone() throws Exception {
        EmbeddingProcessor processor = processor(held, "ignore_missing", true);
        List<Object> nothing = new ArrayList<>(List.of("", " \n", List.of(), List.of(List.of())));
        nothing.add(null);
        nothing.add(Collections.singletonList(null));
        for (Object body : nothing) {
            IngestDocument document = document("body", body, "other", 1);
            IngestDocument expected = new IngestDocument(document);
            assertThat(
                    Answer.of(processor, document).document().getSource(),
                    equalTo(expected.getSource()));
        }
        assertThat(
                Answer.of(processor, document("other", 1)).document().getSource(),
                equalTo(Map.of("other", 1)));
        assertThat(held.held, Matchers.empty());
    }

    public void testIgnoreMissingEmbedsTheOtherFields() throws Exception {
        EmbeddingProcessor processor =
                processor(
                        new HashEmbedder(), "input_output", titleAndBody(), "ignore_missing", true);
        IngestDocument result =
                Answer.of(processor, document("title", " ", "body", "b")).document();
        assertThat(
                result.getSource(),
                equalTo(Map.of("title", " ", "body", "b", "body_vector", vector("b"))));
    }

    public void testWithoutIgnoreMissingOneMissingFieldFailsTheDocument() throws Exception {
        EmbeddingProcessor processor = processor(held, "input_output", titleAndBody());
        Exception e = Answer.of(processor, document("title", "t")).failure();
        assertThat(
                e.getMessage(),
                equalTo("field [body] not present as part of path [body]" + REMEDY));
        assertThat(held.held, Matchers.empty());
    }

    public void testWhatIsNotTextFailsNamingFieldAndType() throws Exception {
        String remedy =
                "cannot be embedded, only text can: turn it into a string before, say with the"
                        + " [convert] processor, or name another field";
        assertThat(failure(1), equalTo("field [body] of type [java.lang.Integer] " + remedy));
        assertThat(failure(1.5), equalTo("field [body] of type [java.lang.Double] " + remedy));
        assertThat(failure(true), equalTo("field [body] of type [java.lang.Boolean] " + remedy));
        assertThat(
                failure(List.of("text", 7L)),
                equalTo("field [body] of type [java.lang.Long] " + remedy));
        assertThat(
                failure(new HashMap<>(Map.of("text", "t"))),
                equalTo(
                        "field [body] of type [java.util.HashMap] cannot be embedded, it is an"
                                + " object: name the field inside it that holds the text"));
    }

    public void testIgnoreMissingDoesNotHideWhatIsNotText() throws Exception {
        EmbeddingProcessor processor = processor(held, "ignore_missing", true);
        assertThat(
                Answer.of(processor, document("body", 1)).failure(),
                instanceOf(IllegalArgumentException.class));
    }

    public void testAListThatHoldsItselfIsAnErrorAndNotTheEndOfTheNode() throws Exception {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThat(failure(endless), Matchers.containsString("self-referencing"));
    }

    public void testATargetThatCannotBeSetFailsTheDocument() throws Exception {
        EmbeddingProcessor processor = processor(new HashEmbedder(), "target_field", "title.v");
        Exception e = Answer.of(processor, document("body", "b", "title", "text")).failure();
        assertThat(e.getMessage(), Matchers.containsString("[title.v]"));
    }

    public void testDocumentsInFlightAreAnsweredOutOfOrderByOtherThreads() throws Exception {
        EmbeddingProcessor processor = processor(held);
        int documents = between(20, 200);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            answers.add(Answer.of(processor, document("body", "text " + i)));
        }
        assertTrue(answers.stream().allMatch(Answer::isOpen));
        List<HeldEmbedder.Held> shuffled = shuffledList(held.held);
        runInParallel(
                between(2, 4),
                thread -> {
                    for (int i = thread; i < shuffled.size(); i += 4) {
                        shuffled.get(i).answer();
                    }
                });
        shuffled.forEach(HeldEmbedder.Held::answer);
        for (int i = 0; i < documents; i++) {
            assertThat(
                    answers.get(i).document().getFieldValue("body_vector", List.class),
                    equalTo(vector("text " + i)));
        }
    }

    public void testAFailureComesWithoutWhatFuturesWrapAroundIt() throws Exception {
        Exception refused = new IllegalArgumentException("[model_id] is not there");
        Exception rejected = new RejectedExecutionException("queue full");
        Exception broken = new ModelException("no finite vector");
        for (Exception e : List.of(refused, rejected, broken)) {
            for (Throwable wrapped :
                    List.of(
                            e,
                            new CompletionException(e),
                            new CompletionException(new ExecutionException(e)))) {
                EmbeddingProcessor processor =
                        processor(request -> CompletableFuture.failedFuture(wrapped));
                assertThat(Answer.of(processor, document("body", "b")).failure(), sameInstance(e));
            }
        }
    }

    public void testAFailureThatIsThrownReachesTheHandler() throws Exception {
        RuntimeException thrown = new RejectedExecutionException("closed");
        EmbeddingProcessor processor =
                processor(
                        request -> {
                            throw thrown;
                        });
        assertThat(Answer.of(processor, document("body", "b")).failure(), sameInstance(thrown));
    }

    public void testAnErrorOfTheModelIsAFailureOfTheDocument() throws Exception {
        Error error = new NoClassDefFoundError("native");
        EmbeddingProcessor processor = processor(request -> CompletableFuture.failedFuture(error));
        Exception e = Answer.of(processor, document("body", "b")).failure();
        assertThat(e.getMessage(), Matchers.containsString("NoClassDefFoundError: native"));
        assertThat(e.getCause(), sameInstance(error));
    }

    public void testAnAbandonedFutureIsAFailure() throws Exception {
        Answer answer = Answer.of(processor(held), document("body", "b"));
        held.held.getFirst().future().cancel(true);
        assertThat(answer.failure(), instanceOf(CancellationException.class));
    }

    public void testAnEmbedderThatGivesTooLittleIsAFailure() throws Exception {
        for (Embedder embedder :
                List.<Embedder>of(
                        request -> null,
                        request -> CompletableFuture.completedFuture(null),
                        request -> CompletableFuture.completedFuture(List.of()))) {
            Exception e = Answer.of(processor(embedder), document("body", "b")).failure();
            assertThat(e.getMessage(), Matchers.startsWith("the embedder gave"));
        }
    }

    public void testAHandlerThatThrowsIsNotCalledAgain() {
        AtomicInteger calls = new AtomicInteger();
        processor(new HashEmbedder())
                .execute(
                        document("body", "b"),
                        (document, e) -> {
                            calls.incrementAndGet();
                            throw new IllegalStateException("a broken handler");
                        });
        assertThat(calls.get(), equalTo(1));
    }

    public void testOnFailureAndIgnoreFailure() throws Exception {
        EmbeddingProcessor failing =
                processor(request -> CompletableFuture.failedFuture(new ModelException("broken")));
        TestProcessor onFailure =
                new TestProcessor(
                        document ->
                                document.setFieldValue(
                                        "error",
                                        document.getFieldValue(
                                                "_ingest.on_failure_message", String.class)));
        Answer handled = new Answer();
        new CompoundProcessor(false, List.of(failing), List.of(onFailure))
                .execute(document("body", "b"), handled);
        assertThat(handled.document().getSource(), equalTo(Map.of("body", "b", "error", "broken")));
        Answer ignored = new Answer();
        new CompoundProcessor(true, List.of(failing), List.of())
                .execute(document("body", "b"), ignored);
        assertThat(ignored.document().getSource(), equalTo(Map.of("body", "b")));
    }

    public void testOneProcessorAfterAnotherOnOtherThreads() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Embedder elsewhere =
                    request ->
                            CompletableFuture.supplyAsync(
                                    () -> HashEmbedder.embeddings(request), threads);
            CompoundProcessor twice =
                    new CompoundProcessor(
                            processor(elsewhere), processor(elsewhere, "target_field", "again"));
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(new Answer());
                twice.execute(document("body", "text " + i), answers.getLast());
            }
            for (int i = 0; i < 50; i++) {
                assertThat(
                        answers.get(i).document().getSource(),
                        equalTo(
                                Map.of(
                                        "body", "text " + i,
                                        "body_vector", vector("text " + i),
                                        "again", vector("text " + i))));
            }
        }
    }
}
