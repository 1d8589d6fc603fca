package io.github.qwen3retrieval.plugin.cluster;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.cluster.node.DiscoveryNodeUtils;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;

/** Which model is meant and who may answer for it, from what is known of the nodes. */
public class ViewTests extends ESTestCase {

    private static KnownNode node(String name, boolean here, long load, Offer... offers) {
        return new KnownNode(
                DiscoveryNodeUtils.builder(name).name(name).build(),
                here,
                List.of(offers),
                true,
                load);
    }

    private static KnownNode silent(String name) {
        return new KnownNode(
                DiscoveryNodeUtils.builder(name).name(name).build(), false, null, false, 0);
    }

    private static Offer offer(String modelId, String sha256) {
        return new Offer(modelId, ModelKind.EMBEDDING, "open", sha256, 64);
    }

    private static Offer broken(String modelId) {
        return new Offer(modelId, null, "broken", null, 0);
    }

    private static View view(KnownNode... nodes) {
        return new View(List.of(nodes), Map.of());
    }

    private static View.Wanted named(String modelId) {
        return new View.Wanted(modelId, null, ModelKind.EMBEDDING);
    }

    private static void assertPlaces(View view, String... names) {
        assertThat(
                view.places(named("m")).nodes().stream().map(KnownNode::name).toList(),
                equalTo(Arrays.asList(names)));
    }

    private static void assertRefused(View view, View.Wanted wanted, String words) {
        Exception e = expectThrows(IllegalArgumentException.class, () -> view.places(wanted));
        assertThat(e.getMessage(), containsString(words));
    }

    private static void assertAway(View view, View.Wanted wanted, String words) {
        ElasticsearchStatusException e =
                expectThrows(ElasticsearchStatusException.class, () -> view.places(wanted));
        assertThat(e.status(), equalTo(RestStatus.SERVICE_UNAVAILABLE));
        assertThat(e.getMessage(), containsString(words));
    }

    public void testThisNodeFirstThenByLoad() {
        assertPlaces(
                view(
                        node("a", false, 9, offer("m", null)),
                        node("b", false, 3, offer("m", null)),
                        node("c", true, 99, offer("m", null)),
                        node("d", false, 0, offer("other", null))),
                "c",
                "b",
                "a");
    }

    public void testOneThatCannotOpenItOrDoesNotAnswerComesLast() {
        KnownNode hung =
                new KnownNode(
                        DiscoveryNodeUtils.builder("hung").name("hung").build(),
                        false,
                        List.of(offer("m", null)),
                        false,
                        0);
        Offer unopened = new Offer("m", ModelKind.EMBEDDING, "broken", null, 64);
        assertPlaces(
                view(node("a", true, 0, unopened), hung, node("b", false, 9, offer("m", null))),
                "b",
                "hung",
                "a");
        // its node says why
        assertPlaces(view(node("a", true, 0, broken("m"))), "a");
        assertPlaces(
                view(node("a", true, 0, broken("m")), node("b", false, 9, offer("m", "x"))), "b");
    }

    public void testWhileAHashIsBeingComputedThoseThatAreKnownAnswer() {
        assertPlaces(
                view(
                        node("here", true, 0, offer("m", null)),
                        node("a", false, 9, offer("m", "x")),
                        node("b", false, 1, offer("m", null))),
                "a");
    }

    public void testOtherBytesAreRefusedOnThisNodeToo() {
        View view =
                view(
                        node("here", true, 0, offer("m", "x")),
                        node("a", false, 0, offer("m", "y")),
                        node("b", false, 0, offer("m", "y")));
        Exception e = expectThrows(ModelException.class, () -> view.places(named("m")));
        assertThat(e.getMessage(), containsString("[x] on [here], [y] on [a, b]"));
        assertThat(e.getMessage(), containsString("POST _qwen3/models/m/_reload"));
    }

    public void testTheOnlyModelOfItsKindIsMeantWhereNoneIsNamed() {
        Offer reranker = new Offer("r", ModelKind.RERANKER, "open", null, 64);
        View view = view(node("a", false, 0, offer("m", null), reranker), node("b", true, 0));
        assertThat(view.places(named(null)).modelId(), equalTo("m"));
        View two = view(node("a", false, 0, offer("m", null), offer("n", null)));
        assertRefused(two, named(null), "could be any of [m, n]; name one, or set [qwen3.embed");
        View.Wanted byDefault = new View.Wanted(null, "n", ModelKind.EMBEDDING);
        assertThat(two.places(byDefault).modelId(), equalTo("n"));
        assertRefused(
                view(node("a", false, 0, reranker)),
                named(null),
                "no node of this cluster has a model of kind [embedding]; put");
        assertRefused(view(node("a", true, 0, broken("x"))), named(null), "are broken: [x]");
    }

    public void testAModelThatIsNotThereOrOfAnotherKind() {
        Offer reranker = new Offer("r", ModelKind.RERANKER, "open", null, 64);
        View view = view(node("a", false, 0, offer("m", null), reranker));
        assertRefused(view, named("z"), "[model_id] [z] is on no node of this cluster, which has");
        assertRefused(view, named("r"), "[r] is of kind [reranker], but [embedding] is needed");
        View.Wanted byDefault = new View.Wanted(null, "z", ModelKind.EMBEDDING);
        assertRefused(view, byDefault, "[qwen3.embedding.default_model] [z] is on no node");
    }

    public void testAModelWhoseNodeLeftIsNotReplacedByAnother() {
        View.Departed left = new View.Departed(ModelKind.EMBEDDING, "away");
        View view = new View(List.of(node("a", true, 0, offer("m", null))), Map.of("gone", left));
        assertAway(view, named("gone"), "model [gone] was on node [away], which has left");
        assertRefused(view, named(null), "could be any of [gone, m]");
        View none = new View(List.of(node("a", true, 0)), Map.of("gone", left));
        assertAway(none, named(null), "model [gone] was on node [away]");
    }

    public void testANodeThatDidNotTellItsModelsMayHaveIt() {
        View view = view(node("a", true, 0), silent("b"));
        assertFalse(view.complete());
        assertAway(view, named("m"), "[b] did not yet; try again");
        assertAway(view, named(null), "not every node has told its models");
    }
}
