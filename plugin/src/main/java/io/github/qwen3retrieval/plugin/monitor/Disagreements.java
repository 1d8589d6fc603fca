package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.serving.ModelStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.elasticsearch.xcontent.ToXContentFragment;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * Models of one id that are not the same on all nodes. Requests for them are refused: what one node
 * computes cannot be compared with what another does.
 *
 * @param nodes for each model, the names of the nodes that have it with each sha256
 */
record Disagreements(Map<String, Map<String, TreeSet<String>>> nodes)
        implements ToXContentFragment {

    /** Those among these nodes. A hash that is not known yet disagrees with none. */
    static Disagreements among(List<NodeReport> reports) {
        Map<String, Map<String, TreeSet<String>>> nodes = new TreeMap<>();
        for (NodeReport report : reports) {
            for (ModelStatus model : report.models()) {
                if (model.sha256() != null) {
                    nodes.computeIfAbsent(model.id(), id -> new TreeMap<>())
                            .computeIfAbsent(model.sha256(), sha256 -> new TreeSet<>())
                            .add(report.getNode().getName());
                }
            }
        }
        nodes.values().removeIf(hashes -> hashes.size() < 2);
        return new Disagreements(nodes);
    }

    /** Names of the nodes whose model of that id is another one than this. */
    List<String> others(ModelStatus model) {
        Map<String, TreeSet<String>> hashes = nodes.getOrDefault(model.id(), Map.of());
        return model.sha256() == null
                ? List.of()
                : hashes.entrySet().stream()
                        .filter(entry -> entry.getKey().equals(model.sha256()) == false)
                        .flatMap(entry -> entry.getValue().stream())
                        .toList();
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startArray("disagreements");
        for (Map.Entry<String, Map<String, TreeSet<String>>> model : nodes.entrySet()) {
            builder.startObject();
            builder.field("model_id", model.getKey());
            builder.startObject("sha256");
            for (Map.Entry<String, TreeSet<String>> hash : model.getValue().entrySet()) {
                builder.stringListField(hash.getKey(), hash.getValue());
            }
            builder.endObject().endObject();
        }
        return builder.endArray();
    }
}
