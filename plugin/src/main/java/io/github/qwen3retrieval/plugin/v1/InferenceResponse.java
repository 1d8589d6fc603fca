package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.RerankResponse;
import java.util.List;
import org.elasticsearch.action.ActionResponse;
import org.elasticsearch.action.support.TransportAction;
import org.elasticsearch.common.io.stream.StreamOutput;

/** Vectors or scores, as the {@link InferenceRequest} asked. */
public final class InferenceResponse extends ActionResponse {

    private final List<Embedding> embeddings;
    private final RerankResponse reranked;

    private InferenceResponse(List<Embedding> embeddings, RerankResponse reranked) {
        this.embeddings = embeddings;
        this.reranked = reranked;
    }

    static InferenceResponse embedded(List<Embedding> embeddings) {
        return new InferenceResponse(embeddings, null);
    }

    static InferenceResponse reranked(RerankResponse response) {
        return new InferenceResponse(null, response);
    }

    /** One vector per text, in the order of the texts; null where documents were scored. */
    public List<Embedding> embeddings() {
        return embeddings;
    }

    /** The scores; null where texts were embedded. */
    public RerankResponse reranked() {
        return reranked;
    }

    @Override
    public void writeTo(StreamOutput out) {
        TransportAction.localOnly();
    }
}
