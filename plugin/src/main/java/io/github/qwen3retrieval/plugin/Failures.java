package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.ModelUnavailableException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.tasks.TaskCancelledException;

/** Failures of models in Elasticsearch's terms, so that each reaches the user with its status. */
public final class Failures {

    private Failures() {}

    /** The failure to answer the request with; what has a status already stays as it is. */
    public static Throwable translate(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapper when wrapper.getCause() != null ->
                    translate(wrapper.getCause());
            case EsRejectedExecutionException rejected -> rejected;
            case RejectedExecutionException rejected -> tooManyRequests(rejected);
            case CancellationException cancelled -> cancelled(cancelled);
            case ModelException broken -> status(RestStatus.FAILED_DEPENDENCY, broken);
            case ModelUnavailableException away -> status(RestStatus.SERVICE_UNAVAILABLE, away);
            default -> failure;
        };
    }

    private static Exception tooManyRequests(RejectedExecutionException rejected) {
        EsRejectedExecutionException translated =
                new EsRejectedExecutionException(rejected.getMessage());
        translated.initCause(rejected);
        return translated;
    }

    private static Exception cancelled(CancellationException cancelled) {
        TaskCancelledException translated = new TaskCancelledException("model request cancelled");
        translated.initCause(cancelled);
        return translated;
    }

    /**
     * 424 Failed Dependency for what is broken: the request is right, what it needs is not. Not
     * 503, which asks clients to try again until somebody has repaired the folder, and not 400,
     * which sends the author of the query looking for a mistake of their own. 503 for what is away
     * and may come back.
     */
    private static Exception status(RestStatus status, RuntimeException failure) {
        // not the message itself: braces in it would be taken for places of arguments;
        // and the cause's cause: users would read the same words twice
        ElasticsearchStatusException translated =
                new ElasticsearchStatusException(
                        "{}", status, failure.getCause(), failure.getMessage());
        translated.setStackTrace(failure.getStackTrace());
        return translated;
    }
}
