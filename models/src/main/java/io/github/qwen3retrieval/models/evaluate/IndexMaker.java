package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes an index of a corpus, or goes on with one that it began. An index of other origin is left
 * alone.
 */
final class IndexMaker {

    /** Documents of one request. */
    private static final int BATCH = 32;

    private final Node node;
    private final IndexPlan plan;
    private final Corpus corpus;
    private final Meter meter;

    IndexMaker(Node node, IndexPlan plan, Corpus corpus, Meter meter) {
        this.node = node;
        this.plan = plan;
        this.corpus = corpus;
        this.meter = meter;
    }

    /**
     * Makes what is missing.
     *
     * @return documents that were refused; each was noted
     * @throws IllegalArgumentException if there is an index of that name from something else
     */
    int make() throws IOException, InterruptedException {
        NodeIndex index = NodeIndex.find(node, plan.name());
        String path = Node.part(plan.name());
        long there = 0;
        if (index == null) {
            node.send("PUT", path, plan.body(corpus).toString());
        } else {
            compare(index.meta());
            node.send("POST", path + "/_refresh", null);
            there = node.get(path + "/_count").get("count").getAsLong();
        }
        if (there == corpus.ids().size()) {
            return 0;
        }
        Ingest ingest = new Ingest(node, plan, meter::note);
        ingest(index, ingest, there);
        node.send("POST", path + "/_refresh", null);
        // one segment: figures must not depend on how the batches fell
        node.send("POST", path + "/_forcemerge?max_num_segments=1", null);
        return ingest.failed();
    }

    private void ingest(NodeIndex index, Ingest ingest, long there)
            throws IOException, InterruptedException {
        meter.begin("index [" + plan.name() + "]", "documents", there, corpus.ids().size());
        long[] done = {there};
        corpus.read(
                BATCH,
                documents -> {
                    Set<String> present =
                            index == null
                                    ? Set.of()
                                    : index.present(documents.stream().map(Document::id).toList());
                    var missing =
                            documents.stream()
                                    .filter(d -> present.contains(d.id()) == false)
                                    .collect(Collectors.toList());
                    if (missing.isEmpty() == false) {
                        ingest.add(missing);
                    }
                    done[0] += missing.size();
                    meter.done(done[0]);
                });
    }

    private void compare(JsonObject meta) {
        if (meta.has(IndexPlan.META) == false) {
            throw other("was not made by [qwen3 evaluate]");
        }
        Map<String, String> before = new TreeMap<>();
        for (Map.Entry<String, JsonElement> part :
                meta.getAsJsonObject(IndexPlan.META).entrySet()) {
            before.put(part.getKey(), part.getValue().getAsString());
        }
        plan.origin(corpus)
                .forEach(
                        (name, now) -> {
                            if (now.equals(before.get(name)) == false) {
                                throw other(
                                        "was made with ["
                                                + name
                                                + "] ["
                                                + before.get(name)
                                                + "], and now it is ["
                                                + now
                                                + "]");
                            }
                        });
        JsonObject stamps = meta.getAsJsonObject("qwen3");
        for (VectorField field : plan.vectors()) {
            if (stamps.has(field.name()) == false) {
                throw other("has no field [" + field.name() + "], only " + stamps.keySet());
            }
        }
    }

    private IllegalArgumentException other(String why) {
        return new IllegalArgumentException(
                "[--create] the index ["
                        + plan.name()
                        + "] is there already and "
                        + why
                        + ": delete it, name another with [--index], or leave out [--create]");
    }
}
