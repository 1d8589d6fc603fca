package io.github.qwen3retrieval.rescore;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.search.rescore.RescorerBuilder;
import org.elasticsearch.test.AbstractWireSerializingTestCase;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentType;

/** The rescorer's request: on the wire, as JSON, and its errors. */
public class RerankRescorerBuilderTests
        extends AbstractWireSerializingTestCase<RerankRescorerBuilder> {

    static final RerankServices SERVICES =
            new RerankServices(WordOverlapReranker::new, RerankListener.NONE);

    static RerankParams randomParams() {
        return new RerankParams(
                randomList(1, 3, () -> randomAlphaOfLength(5)),
                randomAlphaOfLength(10),
                randomBoolean() ? null : randomAlphaOfLength(4),
                randomBoolean() ? null : randomAlphaOfLength(6),
                randomBoolean() ? null : between(1, 10_000),
                randomBoolean() ? null : TimeValue.timeValueMillis(between(1, 10_000)),
                randomFrom(OnFailure.values()));
    }

    /** Changes one parameter. */
    static RerankParams mutate(RerankParams p) {
        List<String> fields = p.fields();
        String query = p.queryText();
        String model = p.modelId();
        String instruction = p.instruction();
        Integer length = p.maxLength();
        TimeValue timeout = p.timeout();
        OnFailure onFailure = p.onFailure();
        switch (between(0, 6)) {
            case 0 -> {
                fields = new ArrayList<>(fields);
                fields.add("more");
            }
            case 1 -> query += "x";
            case 2 -> model = model + "x";
            case 3 -> instruction = instruction + "x";
            case 4 -> length = length == null ? 7 : length + 1;
            case 5 ->
                    timeout = TimeValue.timeValueMillis(timeout == null ? 5 : timeout.millis() + 1);
            default ->
                    onFailure = onFailure == OnFailure.FAIL ? OnFailure.KEEP_ORDER : OnFailure.FAIL;
        }
        return new RerankParams(fields, query, model, instruction, length, timeout, onFailure);
    }

    @Override
    protected Writeable.Reader<RerankRescorerBuilder> instanceReader() {
        return in -> new RerankRescorerBuilder(in, SERVICES);
    }

    @Override
    protected RerankRescorerBuilder createTestInstance() {
        return new RerankRescorerBuilder(randomParams(), SERVICES).windowSize(between(1, 100));
    }

    @Override
    protected RerankRescorerBuilder mutateInstance(RerankRescorerBuilder instance) {
        return randomBoolean()
                ? new RerankRescorerBuilder(params(instance), SERVICES)
                        .windowSize(instance.windowSize() + 1)
                : new RerankRescorerBuilder(mutate(params(instance)), SERVICES)
                        .windowSize(instance.windowSize());
    }

    private static RerankParams params(RerankRescorerBuilder builder) {
        return builder.params();
    }

    @Override
    protected NamedXContentRegistry xContentRegistry() {
        return new NamedXContentRegistry(
                List.of(
                        new NamedXContentRegistry.Entry(
                                RescorerBuilder.class,
                                new ParseField(RerankRescorerBuilder.NAME),
                                (p, c) -> RerankRescorerBuilder.fromXContent(p, SERVICES))));
    }

    private RescorerBuilder<?> parse(String json) throws IOException {
        try (var parser = createParser(XContentType.JSON.xContent(), json)) {
            parser.nextToken();
            return RescorerBuilder.parseFromXContent(parser, name -> {});
        }
    }

    public void testJsonRoundTrip() throws IOException {
        for (int i = 0; i < 20; i++) {
            RerankRescorerBuilder builder = createTestInstance();
            assertEquals(builder, parse(Strings.toString(builder)));
        }
    }

    public void testWrongParametersAreNamed() {
        String rest = "\"field\":\"f\",\"query_text\":\"q\"";
        Map<String, String> wrong =
                Map.ofEntries(
                        Map.entry("\"query_text\":\"q\"", "[field] is required"),
                        Map.entry("\"field\":[],\"query_text\":\"q\"", "[field] is required"),
                        Map.entry(
                                "\"field\":\"\",\"query_text\":\"q\"", "[field] must be the name"),
                        Map.entry(
                                "\"field\":\"b*\",\"query_text\":\"q\"",
                                "[field] must be the name of a field, or a list of names, got [b*]"),
                        Map.entry("\"field\":\"f\"", "[query_text] is required"),
                        Map.entry(
                                "\"field\":\"f\",\"query_text\":\" \"",
                                "[query_text] must not be blank"),
                        Map.entry(rest + ",\"model_id\":\"\"", "[model_id] must not be blank"),
                        Map.entry(
                                rest + ",\"max_length\":0",
                                "[max_length] must be at least [1], got [0]"),
                        Map.entry(
                                rest + ",\"max_length\":\"many\"",
                                "[max_length] must be a whole number, got [many]"),
                        Map.entry(
                                rest + ",\"max_length\":99.5",
                                "[max_length] must be a whole number, got [99.5]"),
                        Map.entry(
                                rest + ",\"timeout\":\"0ms\"",
                                "[timeout] must be longer than [0ms], got [0s]"),
                        Map.entry(
                                rest + ",\"timeout\":\"soon\"",
                                "[timeout] must be a positive time such as [800ms], got [soon]"),
                        Map.entry(
                                rest + ",\"on_failure\":\"cry\"",
                                "[on_failure] must be [keep_order] or [fail], got [cry]"),
                        Map.entry(
                                rest + ",\"timeout\":\"-5s\"",
                                "[timeout] must be a positive time such as [800ms], got [-5s]"),
                        Map.entry(rest + ",\"query_text\":{}", "query_text"),
                        Map.entry(
                                rest + ",\"windwo\":{\"a\":[1]}",
                                "[qwen3_reranker] unknown parameter [windwo], known are [field,"
                                        + " query_text, model_id, instruction, max_length, timeout,"
                                        + " on_failure]"));
        for (var entry : wrong.entrySet()) {
            String json = "{\"window_size\":5,\"qwen3_reranker\":{" + entry.getKey() + "}}";
            Exception e = expectThrows(Exception.class, () -> parse(json));
            // what a user reads first
            String reason = ElasticsearchException.guessRootCauses(e)[0].getMessage();
            assertThat(reason, containsString(entry.getValue()));
            assertEquals(json, 400, ExceptionsHelper.status(e).getStatus());
        }
    }
}
