package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.ModelException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.common.util.concurrent.EsRejectedExecutionException;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.tasks.TaskCancelledException;

/** Failures of models in Elasticsearch's terms, so that each reaches the user with its status. */
final class Failures {

    private Failures() {}

    /** The failure to answer the request with; what has a status already stays as it is. */
    static Throwable translate(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapper when wrapper.getCause() != null ->
                    translate(wrapper.getCause());
            case EsRejectedExecutionException rejected -> rejected;
            case RejectedExecutionException rejected -> tooManyRequests(rejected);
            case CancellationException cancelled -> cancelled(cancelled);
            case ModelException broken -> brokenModel(broken);
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
     * 424 Failed Dependency: the request is right, what it needs is not. Not 503, which asks
     * clients to try again until somebody has repaired the folder, and not 400, which sends the
     * author of the query looking for a mistake of their own.
     */
    private static Exception brokenModel(ModelException broken) {
        // not the message itself: braces in it would be taken for places of arguments;
        // and the cause's cause: users would read the same words twice
        ElasticsearchStatusException translated =
                new ElasticsearchStatusException(
                        "{}", RestStatus.FAILED_DEPENDENCY, broken.getCause(), broken.getMessage());
        translated.setStackTrace(broken.getStackTrace());
        return translated;
    }
}
