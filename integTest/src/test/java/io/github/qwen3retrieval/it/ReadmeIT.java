package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.qwen3retrieval.it.Readme.ConsoleRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The README says what is so: its requests work as printed, its tables name all there is. */
@ExtendWith(SharedNode.class)
class ReadmeIT {

    private final RealNode node;
    private final NodeClient client;
    private final Readme readme = Readme.read();

    ReadmeIT(RealNode node) throws IOException {
        this.node = node;
        client = node.client();
    }

    @Test
    void everyRequestWorks() throws Exception {
        List<ConsoleRequest> requests = readme.requests();
        assertEquals(7, requests.stream().filter(ConsoleRequest::isSearch).count());
        for (ConsoleRequest request : requests) {
            String body = forTestModels(request.body());
            String path = forTestModels(request.path());
            String sent = path.contains("_bulk") ? body + "\n" : body;
            JsonNode answer =
                    client.send(request.method(), path, sent.isBlank() ? null : sent).ok().body();
            assertFalse(answer.path("errors").asBoolean(), answer::toString);
            if (request.isSearch()) {
                checkHits(request, answer);
            }
        }
        client.delete("articles").ok();
        client.delete("stamped-articles").ok();
        client.delete("_index_template/stamped-articles").ok();
    }

    /** The demo stands where a hurried reader looks. */
    @Test
    void theFirstCommandComesEarly() {
        List<String> lines = readme.text().lines().toList();
        int demo = lines.indexOf("./demo");
        assertTrue(demo >= 0 && demo < 20, () -> "./demo is in line " + (demo + 1));
        assertTrue(lines.indexOf("./mvnw verify") > demo, "then the tests");
    }

    @Test
    void theSettingsAreAllThereAre() throws Exception {
        Map<String, String> documented =
                readme.table("Settings").stream()
                        .filter(row -> !row.get(0).contains("<"))
                        .collect(
                                Collectors.toMap(
                                        row -> row.get(0), row -> row.get(1), (a, b) -> a));
        Map<String, String> defaults = defaults();
        assertEquals(new TreeSet<>(defaults.keySet()), new TreeSet<>(documented.keySet()));
        for (String setting :
                List.of(
                        "qwen3.precision",
                        "qwen3.device",
                        "qwen3.batch.max_tokens",
                        "qwen3.queue.max_tokens",
                        "qwen3.inference.enabled",
                        "qwen3.query.timeout",
                        "qwen3.models.path",
                        "indices.breaker.qwen3.limit")) {
            assertEquals(defaults.get(setting), documented.get(setting), setting);
        }
    }

    @Test
    void theCommandsAreAllThereAre() throws Exception {
        String help = node.installation().qwen3("", "--help").orFail().out();
        TreeSet<String> commands =
                help.substring(help.indexOf("Commands:"))
                        .lines()
                        .skip(1)
                        .filter(line -> line.matches("  \\w.*"))
                        .map(line -> line.strip().split(" ")[0])
                        .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> documented =
                readme.table("The command line `qwen3`").stream()
                        .map(row -> row.get(0).split(" ")[1])
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(commands, documented);
    }

    private static void checkHits(ConsoleRequest request, JsonNode answer) {
        JsonNode hits = answer.at("/hits/hits");
        assertTrue(hits.size() >= 2, () -> request + "\n" + answer);
        for (JsonNode hit : hits) {
            double score = hit.get("_score").asDouble();
            assertTrue(score > 1e-20 && score <= 1, () -> request + "\n" + answer);
        }
    }

    /** The small models of the tests stand in for the real ones; all else is as printed. */
    private static String forTestModels(String body) {
        return body.replace("qwen3-embedding-0.6b", TestModels.EMBEDDING)
                .replace("qwen3-reranker-0.6b", TestModels.RERANKER)
                .replace("\"dimensions\": 256", "\"dimensions\": " + TestModels.DIMENSIONS)
                .replace("\"dims\": 256", "\"dims\": " + TestModels.DIMENSIONS);
    }

    /** Every setting of the plugin with its default, as the node knows them. */
    private Map<String, String> defaults() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        JsonNode all =
                client.get("_cluster/settings?include_defaults=true&flat_settings=true")
                        .ok()
                        .body()
                        .get("defaults");
        for (Map.Entry<String, JsonNode> setting : all.properties()) {
            String name = setting.getKey();
            if (name.startsWith("qwen3.") || name.contains(".qwen3.")) {
                defaults.put(name, setting.getValue().asText());
            }
        }
        return defaults;
    }
}
