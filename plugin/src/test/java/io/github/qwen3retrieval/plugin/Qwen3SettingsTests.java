package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.network.Precision;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.unit.RelativeByteSizeValue;
import org.elasticsearch.monitor.os.OsProbe;
import org.elasticsearch.test.ESTestCase;

/** The settings as a node reads them from its configuration. */
public class Qwen3SettingsTests extends ESTestCase {

    private static void validate(Settings settings) {
        new ClusterSettings(settings, new HashSet<Setting<?>>(Qwen3Settings.all()))
                .validate(settings, true);
    }

    private static String refusal(String key, String value) {
        Settings settings = Settings.builder().put(key, value).build();
        IllegalArgumentException refused =
                expectThrows(IllegalArgumentException.class, () -> validate(settings));
        Throwable cause = refused;
        StringBuilder said = new StringBuilder();
        while (cause != null) {
            said.append(cause.getMessage()).append('\n');
            cause = cause.getCause();
        }
        return said.toString();
    }

    public void testAcceptsWhatTheInterfaceNames() {
        Settings settings =
                Settings.builder()
                        .put("qwen3.models.path", "/models")
                        .putList("qwen3.models.open_at_start", "a", "b")
                        .put("qwen3.embedding.default_model", "a")
                        .put("qwen3.reranker.default_model", "b")
                        .put("qwen3.precision", "bfloat16")
                        .put("qwen3.model.qwen3-embedding-0.6b.precision", "float32")
                        .put("qwen3.device", randomFrom("auto", "cpu", "cuda", "cuda:1"))
                        .put("qwen3.threads", 2)
                        .put("qwen3.batch.max_tokens", 100)
                        .put("qwen3.queue.max_tokens", 100)
                        .put("qwen3.cache.query_vectors.size", randomFrom("0", "10mb", "2%"))
                        .put("qwen3.cache.rerank_scores.size", randomFrom("0b", "10mb", "2%"))
                        .put("indices.breaker.qwen3.limit", randomFrom("2gb", "30%"))
                        .build();
        validate(settings);
        assertEquals(
                Map.of("qwen3-embedding-0.6b", Precision.FLOAT32),
                Qwen3Settings.modelPrecisions(settings));
    }

    public void testPrecisionNamesTheSettingAndWhatThereIs() {
        String said = refusal("qwen3.precision", "float64");
        assertTrue(said, said.contains("[qwen3.precision]"));
        assertTrue(said, said.contains("[auto, float32, bfloat16"));
        assertTrue(said, said.contains("[float64]"));
        said = refusal("qwen3.model.qwen3-embedding-0.6b.precision", "half");
        assertTrue(said, said.contains("[qwen3.model.qwen3-embedding-0.6b.precision]"));
    }

    public void testOnlyPrecisionIsSetPerModel() {
        String said = refusal("qwen3.model.a.device", "cpu");
        assertTrue(said, said.contains("[qwen3.model.a.device]"));
        assertTrue(said, said.contains("[qwen3.model.<model_id>.precision]"));
    }

    public void testDeviceNamesWhatThereIs() {
        String said = refusal("qwen3.device", "cuda:x");
        assertTrue(said, said.contains("[auto, cpu, cuda, cuda:N], got [cuda:x]"));
    }

    public void testNumbersHaveBounds() {
        for (String key :
                new String[] {
                    "qwen3.threads", "qwen3.batch.max_tokens", "qwen3.queue.max_tokens"
                }) {
            assertTrue(refusal(key, "0").contains("[" + key + "] must be >= 1"));
            assertTrue(refusal(key, "many").contains("[" + key + "]"));
        }
        assertTrue(refusal("qwen3.nice", "20").contains("[qwen3.nice] must be <= 19"));
        assertTrue(
                refusal("indices.breaker.qwen3.limit", "much")
                        .contains("[indices.breaker.qwen3.limit"));
    }

    public void testThreadsAreTheAllocatedProcessors() {
        Settings settings = Settings.builder().put("node.processors", 1).build();
        assertEquals(1, (int) Qwen3Settings.THREADS.get(settings));
    }

    public void testASharesWholeIsPhysicalMemory() {
        long physical = OsProbe.getInstance().getTotalPhysicalMemorySize();
        long half =
                Qwen3Settings.bytes(RelativeByteSizeValue.parseRelativeByteSizeValue("50%", "x"));
        assertEquals(physical / 2.0, half, 1);
        assertEquals(
                1 << 20,
                Qwen3Settings.bytes(RelativeByteSizeValue.parseRelativeByteSizeValue("1mb", "x")));
    }

    public void testModelsFolderIsRelativeToTheConfiguration() {
        Path config = Path.of("/etc/elasticsearch");
        assertEquals(
                Path.of("/etc/elasticsearch/qwen3/models"),
                Qwen3Settings.modelsFolder(Settings.EMPTY, config));
        assertEquals(
                Path.of("/srv/models"),
                Qwen3Settings.modelsFolder(
                        Settings.builder().put("qwen3.models.path", "/srv/models").build(),
                        config));
    }
}
