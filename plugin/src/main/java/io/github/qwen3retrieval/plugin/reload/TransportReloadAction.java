package io.github.qwen3retrieval.plugin.reload;

import io.github.qwen3retrieval.plugin.NodeModels;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.elasticsearch.ResourceNotFoundException;
import org.elasticsearch.action.ActionListener;
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

/** Has the nodes that have a model open its folder anew, and gathers what came of it. */
public final class TransportReloadAction
        extends TransportNodesAction<
                ReloadAction.Request, ReloadReport, ReloadAction.NodeRequest, NodeReload, Void> {

    private final NodeModels models;
    private final Executor executor;

    /** Made by Elasticsearch. */
    @Inject
    public TransportReloadAction(
            ThreadPool threadPool,
            ClusterService clusterService,
            TransportService transportService,
            ActionFilters actionFilters,
            NodeModels models) {
        super(
                ReloadAction.NAME,
                clusterService,
                transportService,
                actionFilters,
                ReloadAction.NodeRequest::new,
                // looking for the model reads the disk
                threadPool.executor(ThreadPool.Names.MANAGEMENT));
        this.models = models;
        this.executor = threadPool.generic();
    }

    /**
     * @throws ResourceNotFoundException if every node answered, and none has the model
     */
    @Override
    protected ReloadReport newResponse(
            ReloadAction.Request request,
            List<NodeReload> nodes,
            List<FailedNodeException> failures) {
        ReloadReport report = new ReloadReport(clusterService.getClusterName(), nodes, failures);
        if (failures.isEmpty() && report.present() == false) {
            throw new ResourceNotFoundException(
                    "none of the nodes asked has model [{}]; [GET _qwen3/models] tells which there"
                            + " are",
                    request.modelId());
        }
        return report;
    }

    @Override
    protected ReloadAction.NodeRequest newNodeRequest(ReloadAction.Request request) {
        return new ReloadAction.NodeRequest(request.modelId());
    }

    @Override
    protected NodeReload newNodeResponse(StreamInput in, DiscoveryNode node) throws IOException {
        return new NodeReload(in, node);
    }

    @Override
    protected NodeReload nodeOperation(ReloadAction.NodeRequest request, Task task) {
        throw new UnsupportedOperationException("answers when the model is open");
    }

    @Override
    protected void nodeOperationAsync(
            ReloadAction.NodeRequest request, Task task, ActionListener<NodeReload> listener) {
        DiscoveryNode here = clusterService.localNode();
        if (models.has(request.modelId()) == false) {
            listener.onResponse(NodeReload.absent(here));
            return;
        }
        models.reload(request.modelId())
                .whenCompleteAsync(
                        (nothing, failure) ->
                                listener.onResponse(
                                        failure == null
                                                ? NodeReload.reloaded(here)
                                                : NodeReload.failed(here, unwrapped(failure))),
                        executor);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
