package io.github.qwen3retrieval.plugin.cluster;

import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.ActionType;
import org.elasticsearch.action.support.ActionFilters;
import org.elasticsearch.action.support.HandledTransportAction;
import org.elasticsearch.injection.guice.Inject;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.transport.TransportService;

/**
 * Tells other nodes what this one serves. Elasticsearch gives plugins its transport in actions only
 * and makes these before the node takes part in anything: so routing is connected here.
 */
public final class TransportCatalogueAction
        extends HandledTransportAction<CatalogueMessage, NodeOffers> {

    /** Key of the action, which no user has a privilege for. */
    public static final ActionType<NodeOffers> TYPE = new ActionType<>(ModelActions.CATALOGUE);

    private final Routing routing;

    /** Made by Elasticsearch. */
    @Inject
    public TransportCatalogueAction(
            TransportService transport, ActionFilters filters, Routing routing) {
        super(
                ModelActions.CATALOGUE,
                // small, and needed most where memory is short
                false,
                transport,
                filters,
                CatalogueMessage::new,
                // listing models reads the disk
                transport.getThreadPool().generic());
        this.routing = routing;
        routing.connect(transport);
    }

    @Override
    protected void doExecute(
            Task task, CatalogueMessage message, ActionListener<NodeOffers> listener) {
        ActionListener.completeWith(listener, () -> NodeOffers.of(routing.here()));
    }
}
