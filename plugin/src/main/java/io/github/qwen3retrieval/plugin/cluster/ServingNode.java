package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.plugin.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.action.support.ChannelActionListener;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.tasks.CancellableTask;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.transport.TransportChannel;
import org.elasticsearch.transport.TransportService;

/**
 * Answers other nodes of the cluster from what is served here. Elasticsearch cancels the task of a
 * request when the node that asked gives up, or its connection closes: the work is abandoned then.
 */
final class ServingNode {

    private final Served here;
    private final Executor executor;

    private ServingNode(Served here, Executor executor) {
        this.here = here;
        this.executor = executor;
    }

    /**
     * Registers the actions, which are internal: no user has a privilege for them, and between
     * nodes they run as the system itself.
     */
    static void register(TransportService transport, Served here) {
        // requests are handed over at once, but what is wrong may take a look into the folder
        Executor executor = transport.getThreadPool().generic();
        ServingNode node = new ServingNode(here, executor);
        transport.registerRequestHandler(
                ModelActions.EMBED, executor, EmbedMessage::new, node::embed);
        transport.registerRequestHandler(
                ModelActions.RERANK, executor, RerankMessage::new, node::rerank);
    }

    private void embed(EmbedMessage message, TransportChannel channel, Task task) {
        answer(
                new Received(message.modelId(), channel, (CancellableTask) task),
                () -> here.embed(message.request()),
                embeddings -> new EmbedAnswer(here.queueTokens(), embeddings));
    }

    private void rerank(RerankMessage message, TransportChannel channel, Task task) {
        answer(
                new Received(message.modelId(), channel, (CancellableTask) task),
                () -> here.rerank(message.request()),
                response -> new RerankAnswer(here.queueTokens(), response));
    }

    private record Received(String modelId, TransportChannel channel, CancellableTask task) {}

    private <R> void answer(
            Received received,
            Supplier<CompletableFuture<R>> work,
            Function<R, ModelAnswer<R>> answer) {
        ChannelActionListener<ModelAnswer<R>> listener =
                new ChannelActionListener<>(received.channel());
        CompletableFuture<R> result;
        try {
            result = work.get();
        } catch (RuntimeException e) {
            listener.onFailure(failure(e, received.modelId()));
            return;
        }
        received.task().addListener(() -> result.cancel(true));
        result.whenComplete(
                (value, failure) ->
                        onElasticsearchsThread(
                                () -> {
                                    if (failure == null) {
                                        listener.onResponse(answer.apply(value));
                                    } else {
                                        listener.onFailure(failure(failure, received.modelId()));
                                    }
                                }));
    }

    /** Writing an answer takes time that the thread of a model has not. */
    private void onElasticsearchsThread(Runnable step) {
        try {
            executor.execute(step);
        } catch (RejectedExecutionException closing) {
            step.run();
        }
    }

    /**
     * What the other node is told. That the model went away since it looked is 404, which only
     * means something to that node: it looks again.
     */
    private Exception failure(Throwable failure, String modelId) {
        Throwable told = Failures.translate(failure);
        if (told instanceof IllegalArgumentException && here.has(modelId) == false) {
            return new ElasticsearchStatusException(
                    "model [{}] is not on this node any more", RestStatus.NOT_FOUND, told, modelId);
        }
        return told instanceof Exception exception ? exception : new RuntimeException(told);
    }
}
