package io.github.qwen3retrieval.models.parity;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The golden files that {@code src/test/python/golden.py} writes, as records. */
final class Golden {

    private static final Gson GSON =
            new GsonBuilder()
                    .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
                    .create();

    private Golden() {}

    /** Vectors of one checkpoint; {@code weights} is {@link Fingerprint#of} the checkpoint. */
    record Embeddings(String weights, List<EmbeddingGroup> groups) {}

    /** One request and its vectors. */
    record EmbeddingGroup(
            String name,
            String inputType,
            String instruction,
            Integer dimensions,
            Integer maxLength,
            List<String> texts,
            List<Vector> expected) {}

    /** A vector in base64 of little-endian float32, and what the model read. */
    record Vector(String vector, int tokens, boolean truncated) {

        float[] numbers() {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(vector));
            float[] numbers = new float[bytes.remaining() / Float.BYTES];
            bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
            return numbers;
        }
    }

    /** Scores of one checkpoint; {@code weights} is {@link Fingerprint#of} the checkpoint. */
    record Reranks(String weights, List<RerankGroup> groups) {}

    /** One request and its scores. */
    record RerankGroup(
            String name,
            String query,
            String instruction,
            Integer maxLength,
            List<String> documents,
            List<Score> expected) {}

    /** P(yes), its log-odds, and what the model read. */
    record Score(double probability, double logit, int tokens, boolean truncated) {}

    /** Reads a golden file; that it is missing is an error. */
    static <T> T read(String name, Class<T> type) {
        try (InputStream stream = Golden.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError(
                        "golden file ["
                                + name
                                + "] is missing from the test resources; make it with"
                                + " models/src/test/python/golden.py");
            }
            return GSON.fromJson(new InputStreamReader(stream, StandardCharsets.UTF_8), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
