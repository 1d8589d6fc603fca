package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Everything at once on one node, for two and a half minutes or, with {@code
 * -Dqwen3.it.load.seconds=3600}, for as long as wanted: no request ends in an error of the server,
 * and nothing grows. Writes {@code target/mixed-load.svg} and {@code .json}.
 */
class MixedLoadIT {

    private static final int SECONDS = Integer.getInteger("qwen3.it.load.seconds", 150);

    /** Caches, code and pools fill at first. */
    private static final double WARM_UP = SECONDS / 2.0;

    private static final double MEGABYTE = 1 << 20;

    /**
     * What the memory may rise by within the rest, by the line that fits it best. On a slow machine
     * a minute does not suffice for the JVM to compile its code; in two and a half it rose by 11
     * MB, in five by 8 to 14.
     */
    private static final double TOLERATED_MEGABYTES = SECONDS < 150 ? 96 : 48;

    private static final String RSS = "memory of the process without files, MB";
    private static final String ARRAYS = "arrays in native memory";

    private static RealNode node;

    @Test
    void nothingFailsAndNothingGrows() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config =
                NodeConfig.create(installation, Map.of("qwen3.threads", 1)).withModels();
        try (RealNode started = new RealNode(installation, config).start()) {
            node = started;
            Articles.index(node.client(), "articles", 2, "");
            load();
        }
    }

    private static void load() throws Exception {
        ChartOverTime chart = new ChartOverTime("mixed load on one node, " + SECONDS + " s");
        long arrays = arraysOfOpenModels();
        Traffic traffic = new Traffic();
        try (traffic) {
            traffic.with("ingest", 2, 5, MixedLoadIT::bulk)
                    .with("search", 2, 5, n -> search(searches(n).get(n % 3)))
                    .with("bad requests", 1, 50, n -> bad(BAD.get(n % BAD.size())))
                    .with("monitoring", 1, 500, n -> status(node.client().get("_qwen3/models")))
                    .with("reload", 1, 2000, n -> status(post(RELOAD.get(n % 2), null)));
            sample(chart);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        for (String kind : List.of("ingest", "search", "bad requests", "monitoring", "reload")) {
            facts.put(kind, traffic.outcomes(kind));
        }
        double growth = chart.slope(RSS, WARM_UP) * (SECONDS - WARM_UP);
        facts.put("growth after the warm-up, MB", growth);
        long arraysAfter = arraysOfOpenModels();
        facts.put("arrays before and after", List.of(arrays, arraysAfter));
        chart.write("mixed-load", facts);
        System.out.println("mixed load: " + facts);

        assertEquals(Set.of("200"), traffic.outcomes("monitoring").keySet());
        assertEquals(Set.of("200"), traffic.outcomes("ingest").keySet());
        assertEquals(Set.of("200"), traffic.outcomes("search").keySet());
        assertEquals(Set.of("200"), traffic.outcomes("reload").keySet());
        assertEquals(Set.of("400"), traffic.outcomes("bad requests").keySet());
        assertEquals(arrays, arraysAfter, "arrays are left in native memory");
        assertTrue(growth < TOLERATED_MEGABYTES, "grew by " + growth + " MB");
        assertEquals(0, stats().at("/queue/tokens").asLong());
    }

    private static void sample(ChartOverTime chart) throws Exception {
        long process = node.server().pid();
        long start = System.nanoTime();
        double now = 0;
        while (now < SECONDS) {
            chart.point(RSS, now, anonymousBytes(process) / MEGABYTE);
            chart.point(ARRAYS, now, arrays());
            Thread.sleep(SECONDS < 600 ? 500 : 5000);
            now = (System.nanoTime() - start) / 1e9;
        }
    }

    /** Resident memory that is no mapped file, as Linux tells it. */
    private static long anonymousBytes(long process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
            if (line.startsWith("RssAnon:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D+", ""));
            }
        }
        throw new AssertionError("no RssAnon of process " + process);
    }

    private static JsonNode stats() throws IOException {
        return node.client().get("_qwen3/stats").ok().body().get("nodes").elements().next();
    }

    private static long arrays() throws IOException {
        return stats().get("native_arrays").asLong();
    }

    /**
     * The values that are kept as long as the models are open, some since the first request to
     * each: counted when the last passes have ended and models that were replaced are closed.
     */
    private static long arraysOfOpenModels() throws Exception {
        for (String body : searches(0)) {
            assertEquals("200", search(body));
        }
        long before = -1;
        long now = arrays();
        for (int i = 0; i < 100 && now != before; i++) {
            Thread.sleep(500);
            before = now;
            now = arrays();
        }
        return now;
    }

    private static String bulk(int number) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            // an ever growing index would be a growing memory, too
            int id = (number * 10 + i) % 2000;
            String text = Articles.TEXTS.get(id % Articles.TEXTS.size()) + " " + number;
            lines.append("{\"index\":{\"_id\":\"").append(id).append("\"}}\n");
            lines.append(Articles.JSON.createObjectNode().put("body", text)).append('\n');
        }
        NodeClient.Answer answer = post("articles/_bulk", lines.toString());
        JsonNode items = answer.body().path("items");
        Map<String, Integer> statuses = new TreeMap<>();
        items.findValuesAsText("status")
                .forEach(s -> statuses.merge(s.substring(0, 2), 1, Integer::sum));
        return statuses.keySet().equals(Set.of("20")) ? "200" : status(answer) + statuses;
    }

    private static String search(String body) throws IOException {
        NodeClient.Answer answer = post("articles/_search", body);
        boolean all = answer.body().at("/_shards/failed").asInt() == 0;
        boolean scored = answer.body().at("/hits/max_score").asDouble() > 1e-20;
        return status(answer) + (all ? "" : " shards failed") + (scored ? "" : " not scored");
    }

    private static String bad(String body) throws IOException {
        return status(post("articles/_search", body));
    }

    private static NodeClient.Answer post(String path, String body) throws IOException {
        return node.client().post(path, body);
    }

    private static String status(NodeClient.Answer answer) {
        return Integer.toString(answer.status());
    }

    private static final List<String> RELOAD =
            List.of(
                    "_qwen3/models/" + TestModels.EMBEDDING + "/_reload",
                    "_qwen3/models/" + TestModels.RERANKER + "/_reload");

    private static final List<String> BAD =
            List.of(
                    "{ \"knn\": { \"field\": \"vector\", \"query_vector_builder\": {"
                            + " \"qwen3_embedding\": { \"model_text\": \" \" } } } }",
                    "{ \"knn\": { \"field\": \"vector\", \"query_vector_builder\": {"
                            + " \"qwen3_embedding\": { \"model_text\": \"x\", \"model_id\": \"none\""
                            + " } } } }",
                    "{ \"rescore\": { \"window_size\": 1, \"qwen3_reranker\": {} } }",
                    "{ \"retriever\": { \"qwen3_reranker\": { \"retriever\": {} } } }",
                    "{ \"rescore\": ");

    /** One search of each kind. */
    private static List<String> searches(int number) {
        String text = Articles.TEXTS.get(number % Articles.TEXTS.size()).replace("\"", "");
        String knn =
                Template.fill(
                        """
                        "knn": { "field": "vector", "k": 10, "num_candidates": 20,
                          "query_vector_builder": { "qwen3_embedding": {
                            "model_text": "%s %d" } } }
                        """,
                        text, number % 100);
        String rerank = "\"field\": \"body\", \"query_text\": \"" + text + "\"";
        return List.of(
                "{ " + knn + " }",
                "{ "
                        + knn
                        + ", \"rescore\": { \"window_size\": 10, \"qwen3_reranker\": { "
                        + rerank
                        + " } } }",
                "{ \"retriever\": { \"qwen3_reranker\": { "
                        + rerank
                        + ", \"rank_window_size\": 10, \"retriever\": { \"standard\": { \"query\":"
                        + " { \"match\": { \"body\": \"glaciers move\" } } } } } } }");
    }
}
