package io.github.qwen3retrieval.plugin.cluster;

import java.io.IOException;
import org.elasticsearch.action.ActionRequest;
import org.elasticsearch.action.ActionRequestValidationException;
import org.elasticsearch.common.io.stream.StreamInput;

/** Asks a node for its {@link NodeOffers}. Carries nothing. */
public final class CatalogueMessage extends ActionRequest {

    /** Carries nothing. */
    public CatalogueMessage() {}

    CatalogueMessage(StreamInput in) throws IOException {
        super(in);
    }

    @Override
    public ActionRequestValidationException validate() {
        return null;
    }
}
