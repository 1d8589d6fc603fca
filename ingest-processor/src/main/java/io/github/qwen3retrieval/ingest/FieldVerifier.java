package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.client.internal.Client;

/** Says whether the vector of a query may be compared with the vectors in a field. */
public interface FieldVerifier {

    /**
     * Compares without waiting, before anything is embedded.
     *
     * @param client acts for the user of the search, who learns nothing of what is hidden from them
     * @param field where the vectors are
     * @param request how the query is going to be embedded
     * @param listener told nothing if all agrees; else an {@link IllegalArgumentException} that
     *     names what differs, or what is missing and how to put it there
     */
    void verify(
            Client client,
            VerifiedField field,
            EmbeddingRequest request,
            ActionListener<Void> listener);
}
