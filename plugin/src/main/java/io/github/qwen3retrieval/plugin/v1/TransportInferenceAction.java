package io.github.qwen3retrieval.plugin.v1;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.support.ActionFilters;
import org.elasticsearch.action.support.TransportAction;
import org.elasticsearch.common.util.concurrent.EsExecutors;
import org.elasticsearch.injection.guice.Inject;
import org.elasticsearch.tasks.CancellableTask;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.transport.TransportService;

/** Hands a request to the node's embedder or reranker, without waiting for it. */
public final class TransportInferenceAction
        extends TransportAction<InferenceRequest, InferenceResponse> {

    private final InferenceServices services;

    /** Made by Elasticsearch. */
    @Inject
    public TransportInferenceAction(
            TransportService transport, ActionFilters filters, InferenceServices services) {
        super(
                InferenceAction.NAME,
                filters,
                transport.getTaskManager(),
                EsExecutors.DIRECT_EXECUTOR_SERVICE);
        this.services = services;
    }

    @Override
    protected void doExecute(
            Task task, InferenceRequest request, ActionListener<InferenceResponse> listener) {
        if (request.embedding() != null) {
            answer(
                    task,
                    services.embedder().get().embed(request.embedding()),
                    listener.map(InferenceResponse::embedded));
        } else {
            answer(
                    task,
                    services.reranker().get().rerank(request.reranking()),
                    listener.map(InferenceResponse::reranked));
        }
    }

    private static <T> void answer(
            Task task, CompletableFuture<T> future, ActionListener<T> listener) {
        if (task instanceof CancellableTask cancellable) {
            cancellable.addListener(() -> future.cancel(true));
        }
        future.whenComplete(
                (value, failure) -> {
                    if (failure == null) {
                        listener.onResponse(value);
                    } else {
                        listener.onFailure(exception(failure));
                    }
                });
    }

    private static Exception exception(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof Exception exception
                ? exception
                : new ElasticsearchException("inference failed", cause);
    }
}
