package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.xcontent.XContentBuilder;

/** {@code POST _qwen3/v1/embeddings}, in OpenAI's format. */
public final class RestEmbeddingsAction extends V1Handler {

    /** As OpenAI has it. */
    static final int MAX_INPUTS = 2048;

    private static final Set<String> KNOWN =
            Set.of(
                    "model",
                    "input",
                    "encoding_format",
                    "dimensions",
                    "input_type",
                    "instruction",
                    "max_length");

    private static final Set<String> IGNORED = Set.of("user");

    private static final Map<String, InputType> INPUT_TYPES = inputTypes();

    /** Whether vectors are written as base64 of little-endian float32. */
    private static final Map<String, Boolean> BASE64 = encodings();

    /** Serves it. */
    public RestEmbeddingsAction() {
        super("embeddings");
    }

    private static Map<String, InputType> inputTypes() {
        Map<String, InputType> types = new LinkedHashMap<>();
        types.put("document", InputType.DOCUMENT);
        types.put("query", InputType.QUERY);
        types.put("search_document", InputType.DOCUMENT);
        types.put("search_query", InputType.QUERY);
        return types;
    }

    private static Map<String, Boolean> encodings() {
        Map<String, Boolean> encodings = new LinkedHashMap<>();
        encodings.put("float", false);
        encodings.put("base64", true);
        return encodings;
    }

    @Override
    Understood read(RestRequest request) throws IOException {
        Body body = Body.of(request, KNOWN, IGNORED);
        String model = body.required("model");
        boolean base64 = body.oneOf("encoding_format", BASE64, false);
        EmbeddingRequest texts =
                new EmbeddingRequest(
                        model,
                        body.oneOf("input_type", INPUT_TYPES, InputType.DOCUMENT),
                        body.texts("input", MAX_INPUTS),
                        body.text("instruction"),
                        body.number("dimensions", EmbeddingRequest.MIN_DIMENSIONS),
                        body.number("max_length", 2));
        return new Understood(
                InferenceRequest.embed(texts),
                (builder, answer) -> write(builder, model, answer.embeddings(), base64));
    }

    private static void write(
            XContentBuilder builder, String model, List<Embedding> embeddings, boolean base64)
            throws IOException {
        builder.startObject().field("object", "list").startArray("data");
        long tokens = 0;
        int index = 0;
        for (Embedding embedding : embeddings) {
            builder.startObject().field("object", "embedding").field("index", index++);
            if (base64) {
                builder.field("embedding", base64(embedding.vector()));
            } else {
                builder.array("embedding", embedding.vector());
            }
            builder.endObject();
            tokens += embedding.tokens();
        }
        builder.endArray().field("model", model);
        builder.startObject("usage")
                .field("prompt_tokens", tokens)
                .field("total_tokens", tokens)
                .endObject();
        builder.endObject();
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
