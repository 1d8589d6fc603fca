package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.fuzz.FuzzRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.test.rest.FakeRestRequest;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.XContentType;

/** Bodies that somebody spoiled are read, or refused in words, and do nothing else. */
public class V1BodyFuzzTests extends ESTestCase {

    private static final List<String> NAMES =
            List.of(
                    "model",
                    "input",
                    "query",
                    "documents",
                    "text",
                    "dimensions",
                    "encoding_format",
                    "input_type",
                    "instruction",
                    "top_n",
                    "max_length",
                    "return_documents",
                    "unknown");

    private static final List<String> EMBEDDINGS =
            List.of(
                    "{\"model\": \"m\", \"input\": [\"a\", \"b\"], \"dimensions\": 32}",
                    "{\"model\": \"m\", \"input\": \"a\", \"encoding_format\": \"base64\","
                            + " \"input_type\": \"query\", \"instruction\": \"i\", \"user\": 7}");

    private static final List<String> RERANKS =
            List.of(
                    "{\"model\": \"m\", \"query\": \"q\", \"documents\": [\"a\", {\"text\": \"b\"}]}",
                    "{\"query\": \"q\", \"documents\": [\"a\"], \"top_n\": 1, \"max_length\": 99,"
                            + " \"return_documents\": true}");

    public void testEmbeddings() {
        fuzz(new RestEmbeddingsAction(), EMBEDDINGS);
    }

    public void testRerank() {
        fuzz(new RestRerankAction(), RERANKS);
    }

    private static void fuzz(V1Handler handler, List<String> bodies) {
        FuzzRun.over(
                bodies,
                NAMES,
                // the second is no JSON: the handler says so with a 400
                e -> e instanceof IllegalArgumentException || e instanceof IOException,
                json -> handler.read(request(json.getBytes(StandardCharsets.UTF_8))));
    }

    public void testDeepBodiesAreRefused() {
        byte[] deep = ("{\"input\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        expectThrows(Exception.class, () -> new RestEmbeddingsAction().read(request(deep)));
    }

    private static RestRequest request(byte[] body) {
        return new FakeRestRequest.Builder(NamedXContentRegistry.EMPTY)
                .withContent(new BytesArray(body), XContentType.JSON)
                .build();
    }
}
