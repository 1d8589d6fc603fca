package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong node settings: refused at the start, or, where a node can live with them, logged. */
class BadSettingsIT {

    private static final BadInputTable TABLE = new BadInputTable("4 node settings");

    @AfterAll
    static void write() throws IOException {
        TABLE.write();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("qwen3.precision", "int9", "[int9]"),
                Arguments.of("qwen3.device", "tpu", "[auto, cpu, cuda, cuda:N], got [tpu]"),
                Arguments.of("qwen3.threads", 0, ">= 1"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void aWrongSettingStopsTheStart(String setting, Object value, String says) throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config = NodeConfig.create(installation, Map.of(setting, value));
        try (RealNode node = new RealNode(installation, config)) {
            node.launch();
            int exit = node.awaitExit();
            assertNotEquals(0, exit);
            String line = firstLineWith(node, setting, says);
            TABLE.row(setting + ": " + value, "does not start, exit " + exit, line);
        }
    }

    @Test
    void whatANodeCanLiveWithIsLogged() throws Exception {
        Installation installation = SharedInstallation.get();
        Map<String, Object> settings =
                Map.of(
                        "qwen3.models.path",
                        "no/such/folder",
                        "qwen3.embedding.default_model",
                        "no-such",
                        "qwen3.model.none-0.6b.precision",
                        "float32");
        NodeConfig config = NodeConfig.create(installation, settings);
        try (RealNode node = new RealNode(installation, config).start()) {
            logged(node, "no model in [" + config.config().resolve("no/such/folder") + "]");
            logged(node, "[qwen3.embedding.default_model] names model [no-such]");
            logged(node, "[qwen3.model.none-0.6b.precision] names model [none-0.6b]");
            BadInput search = BadInput.query("", "\"model_text\": \"ice\"", 400);
            node.client().put("docs", "{}").ok();
            NodeClient.Answer answer = node.client().post(search.path(), search.body());
            assertEquals(400, answer.status());
            assertTrue(
                    answer.reason()
                            .startsWith(
                                    "[qwen3.embedding.default_model] [no-such] is no model of this"
                                            + " node"),
                    answer.reason());
            TABLE.row("… and a search that names no model", "400", answer.reason());
        }
    }

    private static void logged(RealNode node, String says) throws InterruptedException {
        for (int i = 0; i < 50 && node.log().contains(says) == false; i++) {
            Thread.sleep(200);
        }
        String line = firstLineWith(node, says, "");
        TABLE.row(says.replaceAll(" in \\[.*| names model", ""), "starts, logs", line);
    }

    private static String firstLineWith(RealNode node, String what, String says) {
        List<String> lines =
                node.log().lines().filter(l -> l.contains(what) && l.contains(says)).toList();
        assertTrue(lines.isEmpty() == false, "no line with " + what + ": " + node.logTail(40));
        return lines.getFirst();
    }
}
