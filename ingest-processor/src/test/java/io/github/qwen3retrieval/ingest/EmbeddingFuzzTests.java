package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.fuzz.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.cluster.metadata.ProjectId;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.io.stream.BytesStreamOutput;
import org.elasticsearch.common.xcontent.XContentHelper;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentParserConfiguration;
import org.elasticsearch.xcontent.json.JsonXContent;

/** Wrong requests in numbers: each is read for what it says, or refused as the user's mistake. */
public class EmbeddingFuzzTests extends ESTestCase {

    private static final QueryServices SERVICES =
            new QueryServices(
                    HashEmbedder::new,
                    (client, field, request, listener) -> listener.onResponse(null));

    private static final List<String> NAMES =
            List.of(
                    "model_text",
                    "model_id",
                    "instruction",
                    "dimensions",
                    "max_length",
                    "field",
                    "target_field",
                    "input_output",
                    "input_field",
                    "output_field",
                    "verify_field",
                    "ignore_missing",
                    "unknown");

    private static void fuzz(List<String> samples, FuzzRun.Reader reader) {
        FuzzRun.over(samples, NAMES, e -> ExceptionsHelper.status(e).getStatus() == 400, reader);
    }

    public void testProcessors() {
        EmbeddingProcessor.Factory factory = new EmbeddingProcessor.Factory(HashEmbedder::new);
        fuzz(
                List.of(
                        """
                        {"field": "body", "target_field": "vector", "model_id": "m",
                         "instruction": "Find it", "dimensions": 64, "max_length": 512,
                         "ignore_missing": true}
                        """,
                        """
                        {"input_output": [{"input_field": "title", "output_field": "a.b"},
                                          {"input_field": "body", "output_field": "c"}],
                         "dimensions": "128"}
                        """),
                json -> {
                    Map<String, Object> config =
                            XContentHelper.convertToMap(JsonXContent.jsonXContent, json, true);
                    factory.create(Map.of(), "tag", null, config, ProjectId.DEFAULT);
                    assertEquals(Map.of(), config);
                });
    }

    public void testQueryVectorBuilders() {
        fuzz(
                List.of(
                        """
                        {"model_text": "how do glaciers move", "model_id": "m",
                         "instruction": "Find it", "dimensions": 64, "max_length": 512,
                         "verify_index": "i", "verify_field": "f"}
                        """,
                        "{\"model_text\": \"ice\", \"verify_field\": \"vector\"}"),
                json -> {
                    EmbeddingQueryVectorBuilder builder = parse(json);
                    assertEquals(builder, parse(Strings.toString(builder)));
                    if (isUnicode(builder)) {
                        assertEquals(builder, overTheWire(builder));
                    }
                });
    }

    private static EmbeddingQueryVectorBuilder parse(String json) throws Exception {
        try (XContentParser parser =
                JsonXContent.jsonXContent.createParser(XContentParserConfiguration.EMPTY, json)) {
            return EmbeddingQueryParser.parse(parser, SERVICES);
        }
    }

    /** Elasticsearch's wire has no place for half a surrogate pair: it arrives as U+FFFD. */
    private static boolean isUnicode(EmbeddingQueryVectorBuilder builder) {
        String all = builder.text() + builder.options() + builder.verified();
        return StandardCharsets.UTF_8.newEncoder().canEncode(all);
    }

    private static EmbeddingQueryVectorBuilder overTheWire(EmbeddingQueryVectorBuilder builder)
            throws Exception {
        try (BytesStreamOutput out = new BytesStreamOutput()) {
            builder.writeTo(out);
            return EmbeddingQueryVectorBuilder.spec(SERVICES)
                    .getReader()
                    .read(out.bytes().streamInput());
        }
    }
}
