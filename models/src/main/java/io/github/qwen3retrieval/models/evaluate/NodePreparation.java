package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds out whether a node can search as planned, and makes the index where that is wanted. */
public final class NodePreparation {

    private final Node node;
    private final NodeOptions options;
    private final Plan plan;
    private final LabelledQueries labelled;
    private final Meter meter;
    private ModelAsked embedding;
    private ModelAsked reranker;
    private int failed;

    /** Nothing is asked yet. */
    public NodePreparation(
            Node node, NodeOptions options, Plan plan, LabelledQueries labelled, Meter meter) {
        this.node = node;
        this.options = options;
        this.plan = plan;
        this.labelled = labelled;
        this.meter = meter;
    }

    /**
     * What is ready to be evaluated.
     *
     * @param searcher over the index; to be closed
     * @param fields of vectors that the rows search
     * @param facts for the report
     * @param failed documents that could not be indexed
     */
    public record Prepared(
            Searcher searcher, List<VectorField> fields, Map<String, String> facts, int failed) {}

    /**
     * Checks everything that can be wrong before the first query is asked.
     *
     * @param corpus the documents, null where the index is there
     * @throws IllegalArgumentException naming the option that does not fit the node, and what does
     */
    public Prepared prepare(ModelChoice choice, Corpus corpus)
            throws IOException, InterruptedException {
        String version = version();
        if (plan.embeds() || plan.reranks()) {
            choose(new NodeModels(node), choice);
        }
        if (options.create()) {
            failed = new IndexMaker(node, indexPlan(), corpus, meter).make();
        }
        NodeIndex index = NodeIndex.find(node, options.index());
        if (index == null) {
            throw new IllegalArgumentException(
                    "[--index] ["
                            + options.index()
                            + "] is not on ["
                            + node
                            + "]: name another, or add [--create] to make it of the corpus");
        }
        index.checkTexts(options.textFields());
        List<VectorField> fields =
                plan.embeds()
                        ? index.vectors(
                                options.vectorFields(), options.dimensions(), options.types())
                        : List.of();
        fields.forEach(this::checkDimensions);
        String where = "index [" + options.index() + "] of [--node] [" + node + "]";
        if (failed == 0) {
            labelled.check(index.present(labelled.documents()), where);
        }
        Map<String, String> common = new TreeMap<>();
        common.put("index", options.index());
        common.put("index uuid", index.uuid());
        common.put("queries sha256", labelled.sha256());
        SearchBodies bodies =
                new SearchBodies(
                        options.textFields(), embedding, reranker, options.numCandidates());
        Searcher searcher =
                new NodeSearcher(node, options.index(), bodies, plan, common, options.reload());
        return new Prepared(searcher, fields, facts(version), failed);
    }

    /**
     * Elasticsearch's version, unknown to users that may not monitor; not every build answers at /.
     */
    private String version() throws IOException, InterruptedException {
        try {
            JsonObject nodes =
                    node.get("_nodes/_local?filter_path=nodes.*.version").getAsJsonObject("nodes");
            JsonElement first = nodes.asMap().values().iterator().next();
            return ", Elasticsearch " + first.getAsJsonObject().get("version").getAsString();
        } catch (NodeRefusedException e) {
            return "";
        }
    }

    private void choose(NodeModels models, ModelChoice choice) {
        if (plan.embeds()) {
            embedding =
                    models.get(
                            "--embedding",
                            "embedding",
                            choice.embedding(),
                            choice.precision(),
                            choice.instruction(),
                            choice.maxLength());
        }
        if (plan.reranks()) {
            reranker =
                    models.get(
                            "--reranker",
                            "reranker",
                            choice.reranker(),
                            choice.precision(),
                            choice.rerankInstruction(),
                            choice.maxLength());
        }
    }

    private IndexPlan indexPlan() {
        List<Integer> dimensions = options.dimensions();
        if (embedding != null && dimensions.isEmpty()) {
            if (embedding.hiddenSize() == 0) {
                throw new IllegalArgumentException(
                        "[--dimensions] is needed: the node does not know those of ["
                                + embedding.id()
                                + "]");
            }
            dimensions = List.of(embedding.hiddenSize());
        }
        IndexPlan index =
                new IndexPlan(
                        options.index(),
                        options.textFields().get(0),
                        options.analyzer(),
                        embedding,
                        dimensions,
                        options.types().isEmpty()
                                ? List.of(VectorField.FLAT, "hnsw")
                                : options.types());
        index.vectors().forEach(this::checkDimensions);
        return index;
    }

    private void checkDimensions(VectorField field) {
        int longest = embedding.hiddenSize();
        if (longest > 0 && field.dimensions() > longest) {
            throw new IllegalArgumentException(
                    "[--dimensions] of field ["
                            + field.name()
                            + "] are ["
                            + field.dimensions()
                            + "], more than the ["
                            + longest
                            + "] of the model ["
                            + embedding.id()
                            + "]: name another with [--embedding], or other fields with"
                            + " [--vector-field] or [--dimensions]");
        }
    }

    private Map<String, String> facts(String version) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("node", node + version);
        facts.put("index", options.index());
        if (embedding != null) {
            facts.put("embedding", embedding.label());
            facts.put("num_candidates", "" + options.numCandidates());
        }
        if (reranker != null) {
            facts.put("reranker", reranker.label());
        }
        return facts;
    }
}
