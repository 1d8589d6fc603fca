package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.Reranker;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a node lends to the rescorer and the retriever. Captured by the registered readers and
 * parsers, which are asked for before the node's services exist.
 *
 * @param reranker gives the node's reranker, asked anew for every window; null while the node
 *     starts
 * @param listener counts
 */
public record RerankServices(Supplier<Reranker> reranker, RerankListener listener) {

    /** Neither may be null. */
    public RerankServices {
        Objects.requireNonNull(reranker, "reranker");
        Objects.requireNonNull(listener, "listener");
    }
}
