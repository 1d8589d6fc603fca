package io.github.qwen3retrieval.models;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Turns texts into vectors. One of the two things the Elasticsearch side sees of a model, beside
 * {@link Reranker}; which model answers, and where it runs, is decided behind it.
 */
public interface Embedder {

    /**
     * Embeds the texts of one request. Returns at once; the texts share batches with those of other
     * requests.
     *
     * <p>The future holds one {@link Embedding} per text, in the order of the texts. Cancelling it
     * abandons what has not been computed. It fails with
     *
     * <ul>
     *   <li>{@link IllegalArgumentException} where the request is wrong: a model that is not there
     *       or is no embedding model, dimensions that the model does not have, an instruction that
     *       leaves no room for the text; the message names the parameter, the value and the remedy;
     *   <li>{@link java.util.concurrent.RejectedExecutionException} where more work waits than the
     *       queue may hold;
     *   <li>{@link ModelException} where the model cannot be opened or gave no finite vector.
     * </ul>
     *
     * It may be completed on the thread of a model: hand long work to a thread of your own.
     */
    CompletableFuture<List<Embedding>> embed(EmbeddingRequest request);
}
