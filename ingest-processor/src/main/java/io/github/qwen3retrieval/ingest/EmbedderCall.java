package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.ExceptionsHelper;

/**
 * One request to an {@link Embedder} that answers exactly once, whatever the embedder does: throws
 * at once, fails later, gives nothing, gives too few vectors.
 */
final class EmbedderCall {

    private static final Logger logger = LogManager.getLogger(EmbedderCall.class);

    private EmbedderCall() {}

    /**
     * Embeds without waiting.
     *
     * @param receiver takes one embedding per text, or else the failure, stripped of what {@link
     *     CompletableFuture} wraps around it; called on the thread that completes the embedder's
     *     future, or on this one
     */
    static void embed(
            Embedder embedder,
            EmbeddingRequest request,
            BiConsumer<List<Embedding>, Exception> receiver) {
        int texts = request.texts().size();
        started(embedder, request)
                .thenApply(embeddings -> onePerText(embeddings, texts))
                .whenComplete((embeddings, failure) -> answer(receiver, embeddings, failure));
    }

    private static CompletableFuture<List<Embedding>> started(
            Embedder embedder, EmbeddingRequest request) {
        try {
            CompletableFuture<List<Embedding>> future = embedder.embed(request);
            if (future != null) {
                return future;
            }
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the embedder gave no future"));
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<Embedding> onePerText(List<Embedding> embeddings, int texts) {
        int vectors = embeddings == null ? 0 : embeddings.size();
        if (vectors != texts) {
            throw new IllegalStateException(
                    "the embedder gave [" + vectors + "] vectors for [" + texts + "] texts");
        }
        return embeddings;
    }

    /**
     * What the receiver throws would be caught by the future and seen by nobody. It is logged, and
     * not answered a second time: Elasticsearch's pipelines count their documents by the calls.
     */
    private static void answer(
            BiConsumer<List<Embedding>, Exception> receiver,
            List<Embedding> embeddings,
            Throwable failure) {
        try {
            if (failure == null) {
                receiver.accept(embeddings, null);
            } else {
                receiver.accept(null, unwrapped(failure));
            }
        } catch (Throwable t) {
            logger.error("the receiver of an embedding failed", t);
            ExceptionsHelper.maybeDieOnAnotherThread(t);
        }
    }

    private static Exception unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof CompletionException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        if (cause instanceof Exception exception) {
            return exception;
        }
        return new ElasticsearchException("embedding failed: {}", cause, cause);
    }
}
