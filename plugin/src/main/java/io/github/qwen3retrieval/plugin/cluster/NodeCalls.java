package io.github.qwen3retrieval.plugin.cluster;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.common.util.concurrent.ThreadContext;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.tasks.CancellableTask;
import org.elasticsearch.tasks.TaskManager;
import org.elasticsearch.transport.TransportException;
import org.elasticsearch.transport.TransportRequestOptions;
import org.elasticsearch.transport.TransportResponse;
import org.elasticsearch.transport.TransportResponseHandler;
import org.elasticsearch.transport.TransportService;

/**
 * Asks other nodes of the cluster for vectors, scores and what models they have.
 *
 * <p>With security on, these actions are not the user's, who has no right to them: they leave in a
 * thread context of the system, with nothing of the user in it. Answers are read, and futures
 * completed, on a thread that may be kept busy.
 */
final class NodeCalls {

    private static final TimeValue CATALOGUE_TIMEOUT = TimeValue.timeValueSeconds(3);

    private final TransportService transport;
    private final ThreadContext threadContext;
    private final Executor executor;

    NodeCalls(TransportService transport) {
        this.transport = transport;
        this.threadContext = transport.getThreadPool().getThreadContext();
        this.executor = transport.getThreadPool().generic();
    }

    /** What that node has, within a few seconds or not at all. */
    CompletableFuture<NodeOffers> offers(DiscoveryNode node) {
        Answer<NodeOffers> answer = new Answer<>(NodeOffers::new, executor, () -> {});
        asSystem(
                () ->
                        transport.sendRequest(
                                node,
                                ModelActions.CATALOGUE,
                                new CatalogueMessage(),
                                TransportRequestOptions.timeout(CATALOGUE_TIMEOUT),
                                answer));
        return answer.future;
    }

    /** Vectors from that node; cancelling the future abandons the work there. */
    CompletableFuture<EmbedAnswer> embed(DiscoveryNode node, EmbedMessage message) {
        return call(node, ModelActions.EMBED, message, EmbedAnswer::new);
    }

    /** Scores from that node; cancelling the future abandons the work there. */
    CompletableFuture<RerankAnswer> rerank(DiscoveryNode node, RerankMessage message) {
        return call(node, ModelActions.RERANK, message, RerankAnswer::new);
    }

    private <A extends TransportResponse> CompletableFuture<A> call(
            DiscoveryNode node, String action, ModelMessage message, Writeable.Reader<A> reader) {
        TaskManager tasks = transport.getTaskManager();
        CancellableTask task =
                (CancellableTask) tasks.register("transport", action + "[call]", message);
        Answer<A> answer = new Answer<>(reader, executor, () -> tasks.unregister(task));
        answer.future.whenComplete(
                (value, failure) -> {
                    if (answer.future.isCancelled()) {
                        asSystem(() -> cancel(tasks, task));
                    }
                });
        asSystem(
                () ->
                        transport.sendChildRequest(
                                node,
                                action,
                                message,
                                task,
                                TransportRequestOptions.EMPTY,
                                answer));
        return answer.future;
    }

    private static void cancel(TaskManager tasks, CancellableTask task) {
        tasks.cancelTaskAndDescendants(task, "nobody waits any more", false, ActionListener.noop());
    }

    private void asSystem(Runnable step) {
        ThreadContext.StoredContext former = threadContext.stashContext();
        try {
            threadContext.markAsSystemContext();
            step.run();
        } finally {
            former.close();
        }
    }

    /** Completes a future, and runs something when the exchange is over, cancelled or not. */
    private static final class Answer<A extends TransportResponse>
            implements TransportResponseHandler<A> {

        private final CompletableFuture<A> future = new CompletableFuture<>();
        private final Writeable.Reader<A> reader;
        private final Executor executor;
        private final Runnable over;

        private Answer(Writeable.Reader<A> reader, Executor executor, Runnable over) {
            this.reader = reader;
            this.executor = executor;
            this.over = over;
        }

        @Override
        public A read(StreamInput in) throws IOException {
            return reader.read(in);
        }

        @Override
        public Executor executor() {
            return executor;
        }

        @Override
        public void handleResponse(A response) {
            over.run();
            future.complete(response);
        }

        @Override
        public void handleException(TransportException exp) {
            over.run();
            future.completeExceptionally(
                    NodeLost.is(exp) ? new NodeLost(exp) : ExceptionsHelper.unwrapCause(exp));
        }
    }
}
