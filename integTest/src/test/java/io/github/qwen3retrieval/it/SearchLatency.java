package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.qwen3retrieval.models.checkpoint.DataType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.checkpoint.RandomShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Measures searches on a node that is idle and while documents keep all of its model threads busy;
 * writes {@code integTest/target/latency.md}. Not part of the suite, since nothing of it can fail
 * on a slow machine; run by hand:
 *
 * <pre>
 * ./mvnw -q verify -pl integTest -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dit.test=SearchLatency -Dqwen3.it.searches=300 -Dqwen3.it.nice=10
 * </pre>
 */
class SearchLatency {

    private static final int SEARCHES = Integer.getInteger("qwen3.it.searches", 300);
    private static final int NICE = Integer.getInteger("qwen3.it.nice", 10);
    private static final int WARM_UP = 30;

    /** About ten million numbers in the layers. */
    private static final String SHAPE =
            """
            { "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 6,
              "num_key_value_heads": 2, "head_dim": 64, "intermediate_size": 1024 }
            """;

    private static final MarkdownTable TABLE =
            new MarkdownTable(
                    "latency",
                    "Time of a search, ms: idle and while documents keep every model thread busy,"
                            + " [qwen3.nice] "
                            + NICE,
                    "search",
                    "node",
                    "p50",
                    "p99",
                    "searches");

    private static NodeClient client;

    @Test
    void measure() throws Exception {
        Installation installation = SharedInstallation.get();
        NodeConfig config =
                NodeConfig.create(
                        installation,
                        // the busy node is asked what the idle one was
                        Map.of(
                                "qwen3.nice",
                                NICE,
                                "qwen3.cache.query_vectors.size",
                                "0",
                                "qwen3.cache.rerank_scores.size",
                                "0"));
        RandomShape shape = TestModels.shape(SHAPE);
        Path models = config.models();
        TestModels.write(
                shape, ModelKind.EMBEDDING, DataType.BF16, models.resolve("small-embedding-0.6b"));
        TestModels.write(
                shape, ModelKind.RERANKER, DataType.BF16, models.resolve("small-reranker-0.6b"));
        try (RealNode node = new RealNode(installation, config).start()) {
            client = node.client();
            Articles.pipeline(client, "embed", "");
            create("searched");
            create("written");
            new Loader("searched", SearchLatency::text).load(2000, List.of(() -> client));
            client.post("searched/_forcemerge?max_num_segments=1", null).ok();
            measure("idle");
            try (Traffic ingest = new Traffic().with("bulk", 3, 0, SearchLatency::bulk)) {
                ingest.await("bulk", "200", 6);
                measure("busy");
                System.out.println("bulks of 100 meanwhile: " + ingest.outcomes("bulk"));
            }
        } finally {
            TABLE.write();
        }
    }

    private static void create(String index) throws IOException {
        client.put(
                        index,
                        """
                        { "settings": { "number_of_shards": 1, "number_of_replicas": 0,
                                        "default_pipeline": "embed" },
                          "mappings": { "properties": {
                              "body": { "type": "text" },
                              "vector": { "type": "dense_vector", "dims": 384 } } } }
                        """)
                .ok();
    }

    /** About forty words. */
    private static String text(int number) {
        return IntStream.range(0, 40)
                .mapToObj(i -> Articles.TEXTS.get(0).split(" ")[i % 14] + (number * i) % 97)
                .collect(Collectors.joining(" "));
    }

    private static String bulk(int number) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("{\"index\":{}}\n{\"body\":\"").append(text(number * 100 + i));
            lines.append("\"}\n");
        }
        NodeClient.Answer answer = client.post("written/_bulk", lines.toString());
        return answer.body().get("errors").asBoolean() ? "refused" : "200";
    }

    private static void measure(String node) throws Exception {
        measure("match", node, SearchLatency::match);
        measure("knn", node, SearchLatency::knn);
        measure("knn + rescore of 10", node, SearchLatency::rescored);
    }

    private static void measure(String name, String node, IntFunction<String> search)
            throws Exception {
        run(WARM_UP, search);
        double[] millis = run(SEARCHES, search);
        TABLE.row(name, node, at(millis, 0.5), at(millis, 0.99), millis.length);
    }

    private static double[] run(int searches, IntFunction<String> search) throws Exception {
        try (Traffic traffic =
                new Traffic()
                        .with(
                                "search",
                                1,
                                0,
                                n -> {
                                    String path = "searched/_search?request_cache=false";
                                    return "" + client.post(path, search.apply(n)).status();
                                })) {
            traffic.await("search", "200", searches);
            traffic.stop();
            assertEquals(Set.of("200"), traffic.outcomes("search").keySet());
            return traffic.millis("search");
        }
    }

    private static String at(double[] sorted, double share) {
        return Template.fill(
                "%.1f", sorted[(int) Math.min(sorted.length - 1, sorted.length * share)]);
    }

    private static String match(int number) {
        return "{ \"query\": { \"match\": { \"body\": \"ice" + number % 97 + " bed\" } } }";
    }

    private static String knn(int number) {
        return "{ " + nearest(number) + " }";
    }

    private static String rescored(int number) {
        return "{ "
                + nearest(number)
                + ", \"rescore\": { \"window_size\": 10, \"qwen3_reranker\": { \"field\": \"body\","
                + " \"query_text\": \"what slides "
                + number
                + "\" } } }";
    }

    private static String nearest(int number) {
        return "\"knn\": { \"field\": \"vector\", \"k\": 10, \"num_candidates\": 50,"
                + " \"query_vector_builder\": { \"qwen3_embedding\": { \"model_text\":"
                + " \"what slides over the bed "
                + number
                + "\" } } }";
    }
}
