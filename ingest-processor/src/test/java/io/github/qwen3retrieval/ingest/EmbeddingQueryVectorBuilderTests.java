package io.github.qwen3retrieval.ingest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.sameInstance;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.lucene.util.SetOnce;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.ActionRequest;
import org.elasticsearch.action.ActionResponse;
import org.elasticsearch.action.support.PlainActionFuture;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.common.xcontent.XContentHelper;
import org.elasticsearch.plugins.SearchPlugin;
import org.elasticsearch.test.AbstractQueryVectorBuilderTestCase;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentParseException;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentType;
import org.elasticsearch.xcontent.json.JsonXContent;

/** The builder in a search's body, on the wire, in a rewrite, and all that it refuses. */
public class EmbeddingQueryVectorBuilderTests
        extends AbstractQueryVectorBuilderTestCase<EmbeddingQueryVectorBuilder> {

    private static final String KNOWN =
            "[model_text, model_id, instruction, dimensions, max_length, verify_index,"
                    + " verify_field]";

    private volatile Embedder embedder = new HashEmbedder();
    private volatile FieldVerifier verifier =
            (client, field, request, listener) -> listener.onResponse(null);
    private final QueryServices services =
            new QueryServices(
                    () -> embedder,
                    (client, field, request, listener) ->
                            verifier.verify(client, field, request, listener));

    @Override
    protected List<SearchPlugin> additionalPlugins() {
        return List.of(
                new SearchPlugin() {
                    @Override
                    public List<QueryVectorBuilderSpec<?>> getQueryVectorBuilders() {
                        return List.of(EmbeddingQueryVectorBuilder.spec(services));
                    }
                });
    }

    private EmbeddingQueryVectorBuilder builder(
            String text, EmbeddingOptions options, VerifiedField verified) {
        return new EmbeddingQueryVectorBuilder(text, options, verified, services);
    }

    private static VerifiedField randomField() {
        return randomBoolean()
                ? null
                : new VerifiedField(randomAlphaOfLength(5), randomAlphaOfLength(5));
    }

    private static EmbeddingOptions randomOptions() {
        return new EmbeddingOptions(
                randomBoolean() ? null : randomAlphaOfLengthBetween(1, 20),
                randomBoolean() ? null : randomAlphaOfLengthBetween(1, 60),
                randomBoolean() ? null : between(32, 4096),
                randomBoolean() ? null : between(2, 32768));
    }

    @Override
    protected EmbeddingQueryVectorBuilder createTestInstance() {
        return builder(
                randomRealisticUnicodeOfCodepointLengthBetween(1, 40) + "x",
                randomOptions(),
                randomField());
    }

    @Override
    protected EmbeddingQueryVectorBuilder createTestInstance(float[] expected) {
        embedder =
                request ->
                        CompletableFuture.completedFuture(
                                List.of(new Embedding(expected, 1, false)));
        return createTestInstance();
    }

    @Override
    protected EmbeddingQueryVectorBuilder mutateInstance(EmbeddingQueryVectorBuilder instance)
            throws IOException {
        String text = instance.text();
        EmbeddingOptions o = instance.options();
        VerifiedField v = instance.verified();
        return switch (between(0, 6)) {
            case 0 -> builder(text + "y", o, v);
            case 5 -> builder(text, o, new VerifiedField((v == null ? "" : v.index()) + "y", "f"));
            case 6 -> builder(text, o, new VerifiedField("i", (v == null ? "" : v.field()) + "y"));
            case 1 ->
                    builder(
                            text,
                            new EmbeddingOptions(
                                    o.modelId() + "y",
                                    o.instruction(),
                                    o.dimensions(),
                                    o.maxLength()),
                            v);
            case 2 ->
                    builder(
                            text,
                            new EmbeddingOptions(
                                    o.modelId(),
                                    o.instruction() + "y",
                                    o.dimensions(),
                                    o.maxLength()),
                            v);
            case 3 ->
                    builder(
                            text,
                            new EmbeddingOptions(
                                    o.modelId(),
                                    o.instruction(),
                                    o.dimensions() == null ? 32 : o.dimensions() + 1,
                                    o.maxLength()),
                            v);
            default ->
                    builder(
                            text,
                            new EmbeddingOptions(
                                    o.modelId(),
                                    o.instruction(),
                                    o.dimensions(),
                                    o.maxLength() == null ? 2 : o.maxLength() + 1),
                            v);
        };
    }

    @Override
    protected Writeable.Reader<EmbeddingQueryVectorBuilder> instanceReader() {
        return EmbeddingQueryVectorBuilder.spec(services).getReader()::read;
    }

    @Override
    protected EmbeddingQueryVectorBuilder doParseInstance(XContentParser parser)
            throws IOException {
        return EmbeddingQueryParser.parse(parser, services);
    }

    @Override
    protected void doAssertClientRequest(
            ActionRequest request, EmbeddingQueryVectorBuilder builder) {
        fail("the builder asks the embedder, not the client, but sent " + request);
    }

    @Override
    protected ActionResponse createResponse(float[] array, EmbeddingQueryVectorBuilder builder) {
        throw new AssertionError("the builder asks the embedder, not the client");
    }

    private EmbeddingQueryVectorBuilder parse(String json) throws IOException {
        try (XContentParser parser = createParser(JsonXContent.jsonXContent, json)) {
            return doParseInstance(parser);
        }
    }

    private void assertRefused(String json, String message) {
        Exception e = expectThrows(IllegalArgumentException.class, () -> parse(json));
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        assertThat(root, instanceOf(XContentParseException.class));
        assertThat(root.getMessage().replaceFirst("^\\[\\d+:\\d+\\] ", ""), equalTo(message));
    }

    public void testEmbedsAQueryWithItsOptions() throws Exception {
        HeldEmbedder held = new HeldEmbedder();
        embedder = held;
        EmbeddingQueryVectorBuilder builder =
                parse(
                        "{'model_text': ' how? ', 'model_id': 'm', 'instruction': 'i', 'dimensions': '48', 'max_length': 96}"
                                .replace('\'', '"'));
        PlainActionFuture<float[]> vector = new PlainActionFuture<>();
        builder.buildVector(null, vector);
        assertFalse("it waited", vector.isDone());
        EmbeddingRequest request = held.held.getFirst().request();
        assertThat(
                request,
                equalTo(
                        new EmbeddingRequest(
                                "m", InputType.QUERY, List.of(" how? "), "i", 48, 96)));
        held.held.getFirst().answer();
        assertArrayEquals(HashEmbedder.vector(" how? ", 48), vector.actionGet(), 0f);
    }

    public void testEveryOptionIsOptional() throws Exception {
        HeldEmbedder held = new HeldEmbedder();
        embedder = held;
        parse("{\"model_text\": \"q\"}").buildVector(null, new PlainActionFuture<>());
        assertThat(
                held.held.getFirst().request(),
                equalTo(
                        new EmbeddingRequest(
                                null, InputType.QUERY, List.of("q"), null, null, null)));
    }

    public void testAFailureReachesTheSearch() {
        RuntimeException rejected = new RejectedExecutionException("queue full");
        for (Embedder failing :
                List.<Embedder>of(
                        request -> CompletableFuture.failedFuture(rejected),
                        request ->
                                CompletableFuture.failedFuture(new CompletionException(rejected)),
                        request -> {
                            throw rejected;
                        })) {
            embedder = failing;
            PlainActionFuture<float[]> vector = new PlainActionFuture<>();
            createTestInstance().buildVector(null, vector);
            assertThat(
                    expectThrows(RejectedExecutionException.class, vector::actionGet),
                    sameInstance(rejected));
        }
    }

    public void testAnEmbedderThatIsNotThereYetReachesTheSearch() {
        EmbeddingQueryVectorBuilder builder =
                new EmbeddingQueryVectorBuilder(
                        "q",
                        randomOptions(),
                        null,
                        new QueryServices(
                                () -> {
                                    throw new IllegalStateException("the node is starting");
                                },
                                verifier));
        PlainActionFuture<float[]> vector = new PlainActionFuture<>();
        builder.buildVector(null, vector);
        assertThat(
                expectThrows(IllegalStateException.class, vector::actionGet).getMessage(),
                equalTo("the node is starting"));
    }

    public void testAFieldThatIsNamedIsVerifiedBeforeTheTextIsEmbedded() throws Exception {
        HeldEmbedder held = new HeldEmbedder();
        embedder = held;
        SetOnce<ActionListener<Void>> verified = new SetOnce<>();
        SetOnce<VerifiedField> named = new SetOnce<>();
        verifier =
                (client, field, request, listener) -> {
                    named.set(field);
                    verified.set(listener);
                };
        PlainActionFuture<float[]> vector = new PlainActionFuture<>();
        parse("{'model_text': 'q', 'verify_index': 'i', 'verify_field': 'f'}".replace('\'', '"'))
                .buildVector(null, vector);
        assertThat(named.get(), equalTo(new VerifiedField("i", "f")));
        assertThat(held.held, empty());
        verified.get().onResponse(null);
        held.held.getFirst().answer();
        assertThat(vector.actionGet().length, greaterThan(0));
    }

    public void testAFieldOfAnotherModelFailsTheSearch() throws Exception {
        HeldEmbedder held = new HeldEmbedder();
        embedder = held;
        for (boolean thrown : new boolean[] {true, false}) {
            verifier =
                    (client, field, request, listener) -> {
                        RuntimeException differs = new IllegalArgumentException("[dimensions]");
                        if (thrown) {
                            throw differs;
                        }
                        listener.onFailure(differs);
                    };
            PlainActionFuture<float[]> vector = new PlainActionFuture<>();
            builder("q", randomOptions(), new VerifiedField("i", "f")).buildVector(null, vector);
            expectThrows(IllegalArgumentException.class, vector::actionGet);
            assertThat(held.held, empty());
        }
    }

    public void testIndexAndFieldAreGivenTogether() {
        assertRefused(
                "{\"model_text\": \"q\", \"verify_index\": \"i\"}",
                "[verify_field] is required where [verify_index] is given");
        assertRefused(
                "{\"model_text\": \"q\", \"verify_field\": \"f\"}",
                "[verify_index] is required where [verify_field] is given");
        assertRefused(
                "{\"model_text\": \"q\", \"verify_index\": \" \", \"verify_field\": \"f\"}",
                "[verify_index] must not be blank");
    }

    public void testTextIsRequired() {
        assertRefused("{}", "[model_text] is required, it is the text to search for");
        for (String blank : List.of("", " ", "\\t\\n")) {
            assertRefused(
                    "{\"model_text\": \"" + blank + "\"}",
                    "[model_text] must not be blank, it is the text to search for");
        }
    }

    public void testOptionsThatNoModelTakes() {
        assertRefused(
                "{\"model_text\": \"q\", \"model_id\": \"\"}",
                "[model_id] must not be blank, leave it out for the node's default model");
        assertRefused(
                "{\"model_text\": \"q\", \"instruction\": \" \"}",
                "[instruction] must not be blank, leave it out for the default");
        for (int dimensions : new int[] {31, 0, -1}) {
            assertRefused(
                    "{\"model_text\": \"q\", \"dimensions\": " + dimensions + "}",
                    "[dimensions] must be at least [32], got [" + dimensions + "]");
        }
        assertRefused(
                "{\"model_text\": \"q\", \"max_length\": 1}",
                "[max_length] must be at least [2], got [1]");
    }

    public void testOptionsOfTheWrongType() {
        for (String name : List.of("dimensions", "max_length")) {
            for (String value : List.of("256.5", "256.0", "\"many\"", "12345678901", "\"\"")) {
                assertRefused(
                        "{\"model_text\": \"q\", \"" + name + "\": " + value + "}",
                        "["
                                + name
                                + "] must be a whole number, got ["
                                + value.replace("\"", "")
                                + "]");
            }
        }
        for (String name : List.of("model_text", "model_id", "instruction")) {
            for (String value : List.of("1", "true", "null", "{}", "[\"q\"]")) {
                Exception e =
                        expectThrows(
                                IllegalArgumentException.class,
                                () -> parse("{\"" + name + "\": " + value + "}"));
                assertThat(
                        e.getMessage(),
                        containsString(
                                "[qwen3_embedding] " + name + " doesn't support values of type"));
            }
        }
    }

    public void testAnUnknownParameterNamesTheKnownOnes() {
        for (String value : List.of("\"a\"", "1", "null", "{\"a\": [1]}", "[{}]")) {
            assertRefused(
                    "{\"model_text\": \"q\", \"text\": " + value + "}",
                    "[text] is not a parameter of [qwen3_embedding], it knows " + KNOWN);
        }
    }

    public void testShowsOnlyWhatWasSaid() throws IOException {
        String shown =
                XContentHelper.toXContent(
                                builder("q", new EmbeddingOptions(null, null, 32, null), null),
                                XContentType.JSON,
                                ToXContent.EMPTY_PARAMS,
                                false)
                        .utf8ToString();
        assertThat(shown, equalTo("{\"model_text\":\"q\",\"dimensions\":32}"));
    }

    public void testEqualityIsThatOfTheParameters() {
        EmbeddingOptions options = randomOptions();
        VerifiedField field = randomField();
        assertThat(
                new EmbeddingQueryVectorBuilder(
                        "q", options, field, new QueryServices(HashEmbedder::new, verifier)),
                equalTo(
                        new EmbeddingQueryVectorBuilder(
                                "q",
                                options,
                                field,
                                new QueryServices(HeldEmbedder::new, (c, f, r, l) -> {}))));
    }
}
