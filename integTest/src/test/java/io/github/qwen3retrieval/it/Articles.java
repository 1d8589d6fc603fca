package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Short texts, ingested through the processor: what most tests search in. */
final class Articles {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final String EXACT = ", \"index_options\": { \"type\": \"flat\" }";

    /** What the tests search for. */
    static final String QUERY = "how do glaciers move";

    /** The texts; document i is text i. Some are near to the query, some in other scripts. */
    static final List<String> TEXTS =
            List.of(
                    "Glaciers move by internal deformation of the ice and by sliding over the bed.",
                    "How do glaciers move? Under their own weight, like a very thick liquid.",
                    "Ice sheets cover Antarctica and Greenland.",
                    "A bulldozer moves earth; glaciers move mountains.",
                    "The recipe needs two eggs, flour and a pinch of salt.",
                    "Bank interest rates rose again in March.",
                    "冰川在自身重量下缓慢流动。",
                    "Ледники движутся под действием силы тяжести.",
                    "تتحرك الأنهار الجليدية تحت تأثير الجاذبية",
                    "def move(glacier): return glacier.position + glacier.velocity * dt",
                    "🧊🏔️➡️ how glaciers do move",
                    "Rivers carve valleys in the shape of a V, glaciers do so in that of a U.");

    private Articles() {}

    /** Stores a pipeline that embeds {@code body} into {@code vector}. */
    static void pipeline(NodeClient client, String name, String parameters) throws IOException {
        client.put(
                        "_ingest/pipeline/" + name,
                        Template.fill(
                                """
                        { "processors": [ { "qwen3_embedding": {
                            "field": "body", "target_field": "vector" %s } } ] }
                        """,
                                parameters))
                .ok();
    }

    /**
     * Makes an index of all texts with their vectors.
     *
     * @param vector further parameters of the mapping of {@code vector}; where there are none it is
     *     searched exactly: the default index type makes its 8-bit vectors anew when segments merge
     *     or a shard moves, and then a document scores 1e-4 more or less than before
     */
    static void index(NodeClient client, String name, int shards, String vector)
            throws IOException {
        pipeline(client, "embed", "");
        client.put(
                        name,
                        Template.fill(
                                """
                        { "settings": { "number_of_shards": %d, "number_of_replicas": 0,
                                        "default_pipeline": "embed" },
                          "mappings": { "properties": {
                              "body": { "type": "text" },
                              "number": { "type": "integer" },
                              "vector": { "type": "dense_vector", "dims": %d %s } } } }
                        """,
                                shards, TestModels.DIMENSIONS, vector.isEmpty() ? EXACT : vector))
                .ok();
        bulk(client, name, TEXTS);
    }

    /** Indexes texts as documents 0, 1, 2…; every one must succeed. */
    static void bulk(NodeClient client, String index, List<String> texts) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            ObjectNode document = JSON.createObjectNode();
            document.put("body", texts.get(i)).put("number", i);
            lines.append("{\"index\":{\"_id\":\"").append(i).append("\"}}\n");
            lines.append(document).append('\n');
        }
        var answer = client.post(index + "/_bulk?refresh=true", lines.toString()).ok().body();
        if (answer.get("errors").asBoolean()) {
            throw new AssertionError(answer.toString());
        }
    }
}
