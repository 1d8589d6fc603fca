package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.UnknownModelException;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.rest.RestStatus;

/**
 * Which node has which model, as this node knows it at one moment; decides which model a request
 * means and which nodes may answer it.
 *
 * @param nodes the nodes of the cluster
 * @param departed models of nodes that have left, by id
 */
record View(List<KnownNode> nodes, Map<String, Departed> departed) {

    /**
     * A model whose node has left.
     *
     * @param kind what it does, or null if it was broken
     * @param node name of the node
     */
    record Departed(ModelKind kind, String node) {}

    /**
     * What a request asks for.
     *
     * @param modelId the model it names, or null
     * @param orDefault what this node's setting names, or null
     */
    record Wanted(String modelId, String orDefault, ModelKind kind) {

        String id() {
            return modelId == null ? orDefault : modelId;
        }

        private String source() {
            return modelId == null ? "qwen3." + Offer.name(kind) + ".default_model" : "model_id";
        }
    }

    /**
     * A model and who may answer for it.
     *
     * @param modelId the model
     * @param nodes where it is, best first, never empty
     */
    record Places(String modelId, List<KnownNode> nodes) {

        /** What the first of them has. */
        Offer offer() {
            return nodes.getFirst().offer(modelId);
        }
    }

    /** Whether every node of the cluster has said what it has. */
    boolean complete() {
        return nodes.stream().allMatch(node -> node.offers() != null);
    }

    /**
     * Where a request can be answered.
     *
     * @throws IllegalArgumentException if there is no such model of that kind, or none is named and
     *     several could be meant
     * @throws ElasticsearchStatusException 503 if the model was there and its node has left
     * @throws ModelException if nodes disagree about the model's bytes
     */
    Places places(Wanted wanted) {
        String modelId = wanted.id() == null ? only(wanted.kind()) : wanted.id();
        List<KnownNode> holders = nodes.stream().filter(n -> n.offer(modelId) != null).toList();
        if (holders.isEmpty()) {
            throw absent(modelId, wanted);
        }
        refuseDisagreement(modelId, holders);
        List<KnownNode> fitting = having(holders, modelId, o -> o.kind() == wanted.kind());
        if (fitting.isEmpty()) {
            // a broken one: its node says why
            fitting = having(holders, modelId, o -> o.kind() == null);
        }
        if (fitting.isEmpty()) {
            throw ofOtherKind(wanted, modelId, holders.getFirst().offer(modelId));
        }
        return new Places(modelId, sorted(modelId, fitting));
    }

    private static List<KnownNode> having(
            List<KnownNode> holders, String modelId, Predicate<Offer> what) {
        return holders.stream().filter(node -> what.test(node.offer(modelId))).toList();
    }

    /**
     * Those that could not open it last, and this node before the others. While the hash of some is
     * known, one whose hash is not may turn out to have other bytes: it is not asked.
     */
    private static List<KnownNode> sorted(String modelId, List<KnownNode> fitting) {
        List<KnownNode> hashed = having(fitting, modelId, o -> o.sha256() != null);
        List<KnownNode> sound = having(hashed, modelId, o -> o.broken() == false);
        return (sound.isEmpty() ? fitting : hashed)
                .stream()
                        .sorted(
                                Comparator.comparing((KnownNode n) -> n.offer(modelId).broken())
                                        .thenComparing(n -> n.answers() == false)
                                        .thenComparing(n -> n.here() == false)
                                        .thenComparing(KnownNode::load))
                        .toList();
    }

    /** Each hash of a model and the nodes that have it; hashes that are not known are left out. */
    private static Map<String, List<String>> hashes(String modelId, List<KnownNode> holders) {
        return holders.stream()
                .filter(node -> node.offer(modelId).sha256() != null)
                .collect(
                        Collectors.groupingBy(
                                node -> node.offer(modelId).sha256(),
                                TreeMap::new,
                                Collectors.mapping(KnownNode::name, Collectors.toList())));
    }

    private static void refuseDisagreement(String modelId, List<KnownNode> holders) {
        Map<String, List<String>> hashes = hashes(modelId, holders);
        if (hashes.size() < 2) {
            return;
        }
        String who =
                hashes.entrySet().stream()
                        .map(e -> "[" + Offer.shown(e.getKey()) + "] on " + e.getValue())
                        .collect(Collectors.joining(", "));
        throw new ModelException(
                "model ["
                        + modelId
                        + "] is not the same on all nodes, its sha256 is "
                        + who
                        + "; vectors and scores of the two do not go together: put the same files"
                        + " on these nodes and call [POST _qwen3/models/"
                        + modelId
                        + "/_reload], or remove the folder from all but one of them");
    }

    private RuntimeException absent(String modelId, Wanted wanted) {
        Departed left = departed.get(modelId);
        if (left != null) {
            return unavailable(
                    "model ["
                            + modelId
                            + "] was on node ["
                            + left.node()
                            + "], which has left the cluster; try again when it is back, or copy"
                            + " the model to another node");
        }
        List<String> silent =
                nodes.stream().filter(n -> n.offers() == null).map(KnownNode::name).toList();
        if (silent.isEmpty() == false) {
            return unavailable(
                    "model ["
                            + modelId
                            + "] is on none of the nodes that told their models, and "
                            + silent
                            + " did not yet; try again");
        }
        return new UnknownModelException(
                "["
                        + wanted.source()
                        + "] ["
                        + modelId
                        + "] is on no node of this cluster, which has "
                        + ids(offer -> true)
                        + "; copy the checkpoint to the models folder of a node or name another");
    }

    private RuntimeException ofOtherKind(Wanted wanted, String modelId, Offer found) {
        return new IllegalArgumentException(
                "["
                        + wanted.source()
                        + "] ["
                        + modelId
                        + "] is of kind ["
                        + Offer.name(found.kind())
                        + "], but ["
                        + Offer.name(wanted.kind())
                        + "] is needed here; models of that kind are "
                        + ids(offer -> offer.kind() == wanted.kind()));
    }

    /**
     * The only model of a kind. One whose node has left counts: its vectors are in the indices, and
     * those of another do not go with them.
     */
    private String only(ModelKind kind) {
        TreeSet<String> candidates = new TreeSet<>(ids(offer -> offer.kind() == kind));
        departed.forEach(
                (id, left) -> {
                    if (left.kind() == kind) {
                        candidates.add(id);
                    }
                });
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        if (candidates.isEmpty() && complete() == false) {
            throw unavailable(
                    "[model_id] is not given, and not every node has told its models yet; try"
                            + " again");
        }
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException(
                    "[model_id] is not given and no node of this cluster has a model of kind ["
                            + Offer.name(kind)
                            + "]"
                            + broken());
        }
        throw new IllegalArgumentException(
                "[model_id] is not given and could be any of "
                        + candidates
                        + "; name one, or set [qwen3."
                        + Offer.name(kind)
                        + ".default_model]");
    }

    private String broken() {
        List<String> broken = ids(offer -> offer.kind() == null);
        return broken.isEmpty()
                ? "; put a checkpoint into the models folder of a node, for example with [qwen3"
                        + " download]"
                : "; these are broken: " + broken + ", [GET _qwen3/models] says why";
    }

    /** Ids of models, sorted. */
    private List<String> ids(Predicate<Offer> which) {
        return nodes.stream()
                .map(KnownNode::offers)
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .filter(which)
                .map(Offer::modelId)
                .distinct()
                .sorted()
                .toList();
    }

    private static ElasticsearchStatusException unavailable(String message) {
        // braces in a name would be taken for places of arguments
        return new ElasticsearchStatusException("{}", RestStatus.SERVICE_UNAVAILABLE, message);
    }
}
