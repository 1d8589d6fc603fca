package io.github.qwen3retrieval.plugin.identity;

import io.github.qwen3retrieval.ingest.FieldVerifier;
import io.github.qwen3retrieval.ingest.VerifiedField;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.plugin.cluster.Offer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.fieldcaps.FieldCapabilitiesRequest;
import org.elasticsearch.action.fieldcaps.FieldCapabilitiesResponse;
import org.elasticsearch.client.internal.Client;
import org.elasticsearch.rest.RestStatus;

/**
 * Compares a query with the stamps of the field that it names.
 *
 * @param stamps of the mappings
 * @param models says which model a request of that id would be answered by, in the context of its
 *     caller
 */
public record StampVerifier(MappingStamps stamps, Function<String, CompletableFuture<Offer>> models)
        implements FieldVerifier {

    @Override
    public void verify(
            Client client,
            VerifiedField field,
            EmbeddingRequest request,
            ActionListener<Void> listener) {
        FieldCapabilitiesRequest visible =
                new FieldCapabilitiesRequest().indices(field.index()).fields(field.field());
        client.fieldCaps(
                visible,
                ActionListener.wrap(
                        seen -> compare(seen, field, request, listener),
                        failure -> listener.onFailure(hidden(failure, field))));
    }

    /**
     * An index that is not there, one that the user may not see, and one without a stamp are all
     * the same to the user.
     */
    private static Exception hidden(Exception failure, VerifiedField field) {
        RestStatus status = ExceptionsHelper.status(failure);
        boolean absent =
                status == RestStatus.NOT_FOUND
                        || status == RestStatus.FORBIDDEN
                        || status == RestStatus.BAD_REQUEST;
        return absent ? missing(field) : failure;
    }

    private void compare(
            FieldCapabilitiesResponse seen,
            VerifiedField field,
            EmbeddingRequest request,
            ActionListener<Void> listener) {
        if (seen.getIndices().length == 0 || seen.getField(field.field()) == null) {
            listener.onFailure(missing(field));
            return;
        }
        models.apply(request.modelId())
                .whenComplete(
                        (model, failure) -> {
                            if (failure instanceof Exception e) {
                                listener.onFailure(e);
                            } else {
                                ActionListener.completeWith(
                                        listener,
                                        () -> agreed(seen.getIndices(), field, request, model));
                            }
                        });
    }

    private Void agreed(
            String[] indices, VerifiedField field, EmbeddingRequest request, Offer model) {
        for (String index : indices) {
            Stamp stamp = stamps.stamp(index, field.field());
            if (stamp == null) {
                throw missing(field);
            }
            if (stamp.needsHash() && model.sha256() == null) {
                throw new ElasticsearchStatusException(
                        "the sha256 of model [{}] is not known yet, so that [verify_field] cannot"
                                + " be compared; try again",
                        RestStatus.SERVICE_UNAVAILABLE,
                        model.modelId());
            }
            String difference = stamp.difference(model, request);
            if (difference != null) {
                throw new IllegalArgumentException(
                        "[verify_field] ["
                                + field.field()
                                + "] of index ["
                                + index
                                + "] "
                                + difference
                                + "; the two cannot be compared: search with what the index was"
                                + " made with, or index anew");
            }
        }
        return null;
    }

    private static IllegalArgumentException missing(VerifiedField field) {
        return new IllegalArgumentException(
                "[verify_field] ["
                        + field.field()
                        + "] of [verify_index] ["
                        + field.index()
                        + "] has no stamp; put {\"qwen3\": {\""
                        + field.field()
                        + "\": {\"model_sha256\": …, \"dimensions\": …}}} into [_meta] of the"
                        + " mapping, with the sha256 that [GET _qwen3/models] tells, or leave"
                        + " [verify_index] and [verify_field] out");
    }
}
