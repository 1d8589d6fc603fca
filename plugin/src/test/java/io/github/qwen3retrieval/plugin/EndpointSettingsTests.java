package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.elasticsearch.common.settings.MockSecureSettings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.test.ESTestCase;

/** What an administrator may write about endpoints, and what is said of the rest. */
public class EndpointSettingsTests extends ESTestCase {

    private static Settings.Builder whole() {
        return Settings.builder()
                .put("qwen3.endpoint.e.url", "https://host:8000/v1")
                .put("qwen3.endpoint.e.dimensions", 1024);
    }

    private static EndpointOptions only(Settings settings) {
        List<EndpointOptions> options = EndpointSettings.of(settings);
        assertEquals(1, options.size());
        return options.getFirst();
    }

    public void testDefaults() {
        assertEquals(
                new EndpointOptions(
                        "e",
                        ModelKind.EMBEDDING,
                        URI.create("https://host:8000/v1"),
                        "e",
                        1024,
                        10,
                        4,
                        Duration.ofSeconds(30),
                        3,
                        Prompts.PLUGIN,
                        null),
                only(whole().build()));
        assertTrue(EndpointSettings.of(Settings.EMPTY).isEmpty());
    }

    public void testEverythingSet() {
        MockSecureSettings keys = new MockSecureSettings();
        keys.setString("qwen3.endpoint.my_model-1.api_key", "secret");
        Settings settings =
                Settings.builder()
                        .put("qwen3.endpoint.my_model-1.url", "http://host/v1/")
                        .put("qwen3.endpoint.my_model-1.kind", "reranker")
                        .put("qwen3.endpoint.my_model-1.model", "Qwen/Qwen3-Reranker-4B")
                        .put("qwen3.endpoint.my_model-1.batch_size", 50)
                        .put("qwen3.endpoint.my_model-1.max_concurrent_requests", 2)
                        .put("qwen3.endpoint.my_model-1.timeout", "800ms")
                        .put("qwen3.endpoint.my_model-1.max_retries", 0)
                        .put("qwen3.endpoint.my_model-1.prompts", "service")
                        .put("qwen3.endpoint.my_model-1.auth_scheme", "ApiKey")
                        .setSecureSettings(keys)
                        .build();
        EndpointOptions options = only(settings);
        assertEquals(
                new EndpointOptions(
                        "my_model-1",
                        ModelKind.RERANKER,
                        URI.create("http://host/v1/"),
                        "Qwen/Qwen3-Reranker-4B",
                        0,
                        50,
                        2,
                        Duration.ofMillis(800),
                        0,
                        Prompts.SERVICE,
                        "ApiKey secret"),
                options);
        assertFalse(options.toString(), options.toString().contains("secret"));
    }

    public void testWhatIsMissingIsNamed() {
        assertRefused(
                Settings.builder().put("qwen3.endpoint.e.dimensions", 64),
                "[qwen3.endpoint.e.url]");
        assertRefused(
                Settings.builder().put("qwen3.endpoint.e.url", "https://host/v1"),
                "[qwen3.endpoint.e.dimensions]");
    }

    public void testWhatIsWrongIsNamed() {
        for (String url :
                List.of(
                        "host",
                        "ftp://host/v1",
                        "http:///v1",
                        "http://h/v1?x",
                        "http://h/#x",
                        "::")) {
            assertRefused(whole().put("qwen3.endpoint.e.url", url), "[qwen3.endpoint.e.url]");
        }
        String said =
                assertRefused(
                        whole().put("qwen3.endpoint.e.url", "https://user:pass@host/v1"),
                        "[qwen3.endpoint.e.url]");
        assertFalse(said, said.contains("pass@"));
        assertRefused(whole().put("qwen3.endpoint.e.kind", "chat"), "[embedding, reranker]");
        assertRefused(whole().put("qwen3.endpoint.e.prompts", "none"), "[plugin, service]");
        assertRefused(whole().put("qwen3.endpoint.e.batch_size", 0), "batch_size");
        assertRefused(whole().put("qwen3.endpoint.e.timeout", "0s"), "timeout");
        assertRefused(whole().put("qwen3.endpoint.e.auth_scheme", "a b"), "auth_scheme");
    }

    public void testAKeyThatNoHeaderCanHoldIsNotShown() {
        MockSecureSettings keys = new MockSecureSettings();
        keys.setString("qwen3.endpoint.e.api_key", "sec\nret");
        String said = assertRefused(whole().setSecureSettings(keys), "[qwen3.endpoint.e.api_key]");
        assertFalse(said, said.contains("sec"));
    }

    private static String assertRefused(Settings.Builder settings, String words) {
        String said =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> EndpointSettings.of(settings.build()))
                        .getMessage();
        assertTrue(said, said.contains(words));
        return said;
    }
}
