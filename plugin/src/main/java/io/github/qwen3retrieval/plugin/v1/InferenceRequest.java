package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import java.util.Map;
import org.elasticsearch.action.ActionRequest;
import org.elasticsearch.action.ActionRequestValidationException;
import org.elasticsearch.action.support.TransportAction;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.tasks.CancellableTask;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.tasks.TaskId;

/**
 * Texts to embed or documents to score, on the node that the caller speaks to: it never travels.
 */
public final class InferenceRequest extends ActionRequest {

    private final EmbeddingRequest embedding;
    private final RerankRequest reranking;

    private InferenceRequest(EmbeddingRequest embedding, RerankRequest reranking) {
        this.embedding = embedding;
        this.reranking = reranking;
    }

    /** Asks for vectors. */
    public static InferenceRequest embed(EmbeddingRequest request) {
        return new InferenceRequest(request, null);
    }

    /** Asks for scores. */
    public static InferenceRequest rerank(RerankRequest request) {
        return new InferenceRequest(null, request);
    }

    /** What to embed, or null where documents are to be scored. */
    EmbeddingRequest embedding() {
        return embedding;
    }

    /** What to score, or null where texts are to be embedded. */
    RerankRequest reranking() {
        return reranking;
    }

    @Override
    public ActionRequestValidationException validate() {
        return null;
    }

    /** Says how much is asked for, and no word of the texts. */
    @Override
    public String getDescription() {
        return embedding != null
                ? "embed [" + embedding.texts().size() + "] texts"
                : "rerank [" + reranking.documents().size() + "] documents";
    }

    @Override
    public Task createTask(
            long id, String type, String action, TaskId parent, Map<String, String> headers) {
        return new CancellableTask(id, type, action, getDescription(), parent, headers);
    }

    @Override
    public void writeTo(StreamOutput out) {
        TransportAction.localOnly();
    }
}
