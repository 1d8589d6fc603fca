package io.github.qwen3retrieval.plugin.cluster;

import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.node.NodeClosedException;
import org.elasticsearch.transport.ActionNotFoundTransportException;
import org.elasticsearch.transport.ConnectTransportException;
import org.elasticsearch.transport.SendRequestTransportException;
import org.elasticsearch.transport.TransportException;

/** The other node went away, closes, or does not know us: another one may answer instead. */
final class NodeLost extends RuntimeException {

    private static final long serialVersionUID = 1;

    NodeLost(TransportException failure) {
        super(failure.getMessage(), failure);
    }

    /** Whether the node is there, but has no plugin, and so no models either. */
    boolean withoutPlugin() {
        return ExceptionsHelper.unwrapCause(getCause()) instanceof ActionNotFoundTransportException;
    }

    /** Whether a failure says this of the node, rather than something of the request. */
    static boolean is(TransportException failure) {
        if (failure instanceof SendRequestTransportException) {
            return true;
        }
        return switch (ExceptionsHelper.unwrapCause(failure)) {
            case ConnectTransportException disconnected -> true;
            case NodeClosedException closed -> true;
            case ActionNotFoundTransportException withoutPlugin -> true;
            case EsRejectedExecutionException rejected -> rejected.isExecutorShutdown();
            default -> false;
        };
    }
}
