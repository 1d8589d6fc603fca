package io.github.qwen3retrieval.plugin.cluster;

import org.apache.lucene.util.SetOnce;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.transport.TransportService;

/** This node's part in answering the cluster's requests: what it serves, and its router. */
public final class Routing {

    private final Served here;
    private final ClusterOptions options;
    private final ClusterService clusterService;
    private final SetOnce<Router> router = new SetOnce<>();

    /**
     * Not connected yet.
     *
     * @param here what this node serves
     */
    public Routing(Served here, ClusterOptions options, ClusterService clusterService) {
        this.here = here;
        this.options = options;
        this.clusterService = clusterService;
    }

    /** From now on other nodes are served, and asked. */
    void connect(TransportService transport) {
        ServingNode.register(transport, here);
        NodeCalls calls = new NodeCalls(transport);
        Catalogue catalogue = new Catalogue(here, calls, transport.getThreadPool().generic());
        clusterService.addListener(catalogue);
        RouterServices services =
                new RouterServices(
                        here, calls, catalogue, options, transport.getThreadPool().generic());
        router.set(new Router(services, transport.getThreadPool()));
    }

    /** What this node serves. */
    Served here() {
        return here;
    }

    /** The router; there is one before the node takes its first request. */
    public Router router() {
        return router.get();
    }
}
