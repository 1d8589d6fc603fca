package io.github.qwen3retrieval.plugin.identity;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.plugin.cluster.Offer;
import java.util.List;
import java.util.Map;
import org.elasticsearch.test.ESTestCase;

/** Which differences between a stamp and a query are told, and in which words. */
public class StampTests extends ESTestCase {

    private static final Offer MODEL =
            new Offer("m", ModelKind.EMBEDDING, "open", "0123456789abcdef", 64);

    private static String difference(Map<String, Object> stamp, String instruction, Integer size) {
        EmbeddingRequest request =
                new EmbeddingRequest("m", InputType.QUERY, List.of("q"), instruction, size, null);
        return new Stamp(stamp).difference(MODEL, request);
    }

    public void testWhatIsAbsentIsNotCompared() {
        assertThat(difference(Map.of(), "any", 32), nullValue());
        assertThat(difference(Map.of("dimensions", 64), "any", null), nullValue());
        assertThat(difference(Map.of("model_id", "m"), "any", 32), nullValue());
        assertThat(difference(Map.of("model_sha256", "0123456789ABCDEF"), "any", 32), nullValue());
        Map<String, Object> instruction =
                Map.of("instruction", RerankRequest.DEFAULT_INSTRUCTION, "dimensions", "32");
        assertThat(difference(instruction, null, 32), nullValue());
    }

    public void testTheSameBytesMayHaveAnotherName() {
        Map<String, Object> stamp = Map.of("model_id", "n", "model_sha256", "0123456789abcdef");
        assertThat(difference(stamp, null, null), nullValue());
    }

    public void testDifferencesNameBothValues() {
        assertThat(
                difference(Map.of("model_sha256", "fedcba9876543210"), null, null),
                equalTo(
                        "has [model_sha256] [fedcba987654…], but the query would have"
                                + " [0123456789ab…] of model [m]"));
        assertThat(
                difference(Map.of("model_id", "n"), null, null),
                equalTo("has [model_id] [n], but the query would have [m]"));
        assertThat(
                difference(Map.of("dimensions", 128), null, null),
                equalTo("has [dimensions] [128], but the query would have [64]"));
        assertThat(
                difference(Map.of("dimensions", 64), null, 32),
                equalTo("has [dimensions] [64], but the query would have [32]"));
        assertThat(
                difference(Map.of("instruction", "find"), "seek", null),
                equalTo("has [instruction] [find], but the query would have [seek]"));
    }
}
