package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.plugin.NodeEndpoints;
import io.github.qwen3retrieval.plugin.NodeModels;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.action.FailedNodeException;
import org.elasticsearch.action.support.ActionFilters;
import org.elasticsearch.action.support.nodes.TransportNodesAction;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.injection.guice.Inject;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.transport.TransportService;

/** Gathers the {@link NodeReport}s of the cluster, each made on its node. */
public final class TransportMonitorAction
        extends TransportNodesAction<
                MonitorAction.Request, Report, MonitorAction.NodeRequest, NodeReport, Void> {

    private final NodeModels models;
    private final NodeEndpoints endpoints;

    /** Made by Elasticsearch. */
    @Inject
    public TransportMonitorAction(
            ThreadPool threadPool,
            ClusterService clusterService,
            TransportService transportService,
            ActionFilters actionFilters,
            NodeModels models,
            NodeEndpoints endpoints) {
        super(
                MonitorAction.NAME,
                clusterService,
                transportService,
                actionFilters,
                MonitorAction.NodeRequest::new,
                // listing models reads the disk
                threadPool.executor(ThreadPool.Names.MANAGEMENT));
        this.models = models;
        this.endpoints = endpoints;
    }

    @Override
    protected Report newResponse(
            MonitorAction.Request request,
            List<NodeReport> nodes,
            List<FailedNodeException> failures) {
        return new Report(clusterService.getClusterName(), nodes, failures);
    }

    @Override
    protected MonitorAction.NodeRequest newNodeRequest(MonitorAction.Request request) {
        return new MonitorAction.NodeRequest();
    }

    @Override
    protected NodeReport newNodeResponse(StreamInput in, DiscoveryNode node) throws IOException {
        return new NodeReport(in, node);
    }

    @Override
    protected NodeReport nodeOperation(MonitorAction.NodeRequest request, Task task) {
        return new NodeReport(clusterService.localNode(), models, endpoints);
    }
}
