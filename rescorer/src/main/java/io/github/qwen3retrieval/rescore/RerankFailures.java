package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.ModelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.search.SearchPhaseExecutionException;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.rest.RestStatus;

/**
 * Tells whose fault a failure of the reranker is, and gives it the form that searches fail with.
 */
final class RerankFailures {

    private static final String PREFIX = "[" + RerankRescorerBuilder.NAME + "] ";

    private RerankFailures() {}

    /** The failure inside what futures wrap around it. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Whether the request is wrong, so that the search fails whatever {@code on_failure} says. */
    static boolean isWrongRequest(Throwable failure) {
        RestStatus status = ExceptionsHelper.status(failure);
        return status == RestStatus.BAD_REQUEST || status == RestStatus.NOT_FOUND;
    }

    /** What a search fails with whose request is wrong. */
    static ElasticsearchStatusException wrongRequest(Throwable failure) {
        return status(ExceptionsHelper.status(failure), PREFIX + message(failure), failure);
    }

    /** Whether a failure of a shard is a {@link #wrongRequest}. */
    static boolean isReportedWrongRequest(Throwable failure) {
        return failure instanceof ElasticsearchStatusException
                && isWrongRequest(failure)
                && message(failure).startsWith(PREFIX);
    }

    /**
     * The failure inside the one of a retriever. Elasticsearch words that by the names of inner
     * retrievers, which the user did not write, or as that of a phase, and puts the reason where
     * its root cause does not show it.
     */
    static Exception ofRetriever(Exception failure) {
        Throwable[] inner = failure.getSuppressed();
        boolean listed = inner.length > 0 && message(failure).startsWith(PREFIX + "search failed");
        Throwable told = listed ? inner[0] : failure;
        if (told instanceof SearchPhaseExecutionException phase
                && phase.shardFailures().length == 0
                && phase.getCause() != null) {
            told = phase.getCause();
        }
        return told instanceof Exception exception ? exception : failure;
    }

    /** What a search fails with: 4xx wherever the client can do something about it. */
    static RuntimeException toSearchFailure(Throwable failure) {
        if (failure instanceof IllegalArgumentException
                || failure instanceof ElasticsearchException
                || failure instanceof EsRejectedExecutionException) {
            return (RuntimeException) failure;
        }
        if (failure instanceof RejectedExecutionException) {
            return new EsRejectedExecutionException(message(failure));
        }
        if (failure instanceof ModelException) {
            return status(RestStatus.FAILED_DEPENDENCY, message(failure), failure);
        }
        return status(RestStatus.INTERNAL_SERVER_ERROR, message(failure), failure);
    }

    /** What a search fails with whose hits could not all be scored in time. */
    static RuntimeException timedOut(TimeValue timeout, int scored, int of) {
        String rule = PREFIX + "scored [" + scored + "] of [" + of + "]";
        String remedy = "; raise [timeout], lower the window, or set [on_failure] to [keep_order]";
        return status(
                RestStatus.REQUEST_TIMEOUT, rule + " hits within [" + timeout + "]" + remedy, null);
    }

    private static ElasticsearchStatusException status(
            RestStatus status, String message, Throwable cause) {
        // braces would be taken for places of arguments
        return new ElasticsearchStatusException("{}", status, cause, message);
    }

    /** What happened, in one line. */
    static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
