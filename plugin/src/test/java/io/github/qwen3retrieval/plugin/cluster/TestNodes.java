package io.github.qwen3retrieval.plugin.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.action.support.ActionFilters;
import org.elasticsearch.action.support.PlainActionFuture;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.cluster.node.VersionInformation;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.core.Releasable;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.tasks.TaskCancellationService;
import org.elasticsearch.test.ClusterServiceUtils;
import org.elasticsearch.test.transport.MockTransportService;
import org.elasticsearch.threadpool.TestThreadPool;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.transport.ActionNotFoundTransportException;

/** Nodes with Elasticsearch's transport over real connections, and stubs for models. */
final class TestNodes implements AutoCloseable {

    final ThreadPool threads;
    private final List<Node> nodes = new ArrayList<>();

    TestNodes(String test) {
        threads = new TestThreadPool(test);
    }

    /** One node. */
    record Node(
            StubServed served,
            MockTransportService transport,
            ClusterService clusterService,
            Routing routing) {

        Router router() {
            return routing.router();
        }

        DiscoveryNode node() {
            return transport.getLocalNode();
        }
    }

    /** Starts a node that is not in the cluster yet. */
    Node start(String name, TimeValue queryTimeout) {
        Node node = create(name, queryTimeout);
        new TransportCatalogueAction(node.transport, new ActionFilters(Set.of()), node.routing);
        node.transport.acceptIncomingRequests();
        return node;
    }

    /**
     * Starts a node on which the plugin is not installed. Elasticsearch itself asserts, in tests
     * alone, that nobody asks for an action that is not there: this one answers as it would.
     */
    Node startWithoutPlugin(String name) {
        Node node = create(name, TimeValue.MAX_VALUE);
        node.transport.registerRequestHandler(
                ModelActions.CATALOGUE,
                threads.generic(),
                CatalogueMessage::new,
                (message, channel, task) -> {
                    throw new ActionNotFoundTransportException(ModelActions.CATALOGUE);
                });
        node.transport.acceptIncomingRequests();
        return node;
    }

    private Node create(String name, TimeValue queryTimeout) {
        MockTransportService transport =
                MockTransportService.createNewService(
                        Settings.builder().put("node.name", name).build(),
                        VersionInformation.CURRENT,
                        TransportVersion.current(),
                        threads);
        transport
                .getTaskManager()
                .setTaskCancellationService(new TaskCancellationService(transport));
        transport.start();
        StubServed served = new StubServed();
        ClusterService clusterService =
                ClusterServiceUtils.createClusterService(threads, transport.getLocalNode());
        Routing routing =
                new Routing(served, new ClusterOptions(null, null, queryTimeout), clusterService);
        Node node = new Node(served, transport, clusterService, routing);
        nodes.add(node);
        return node;
    }

    /** These, and no others, are the cluster now. */
    void cluster(Node... members) {
        for (Node from : members) {
            for (Node to : members) {
                if (from != to) {
                    PlainActionFuture<Releasable> connected = new PlainActionFuture<>();
                    from.transport.connectToNode(to.node(), connected);
                    connected.actionGet();
                }
            }
        }
        for (Node member : members) {
            DiscoveryNodes.Builder known = DiscoveryNodes.builder();
            for (Node other : members) {
                known.add(other.node());
            }
            String id = member.node().getId();
            known.localNodeId(id).masterNodeId(id);
            ClusterServiceUtils.setState(
                    member.clusterService,
                    ClusterState.builder(member.clusterService.state()).nodes(known).build());
        }
    }

    /** Ends a node at once; the others are not told. */
    void crash(Node node) {
        nodes.remove(node);
        node.clusterService.close();
        node.transport.close();
    }

    @Override
    public void close() {
        for (Node node : List.copyOf(nodes)) {
            crash(node);
        }
        ThreadPool.terminate(threads, 30, TimeUnit.SECONDS);
    }
}
