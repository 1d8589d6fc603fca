package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The way of every request into the queue: admitted by an estimate of its tokens, then, off the
 * caller's thread, its model found and opened, its texts tokenised, and its pieces queued at their
 * true size.
 */
final class Admission implements AutoCloseable {

    private final WorkQueue queue;
    private final OpenModels models;
    private final Preparer preparer;
    private final Counters counters;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();

    Admission(WorkQueue queue, OpenModels models, Preparer preparer, Counters counters) {
        this.queue = queue;
        this.models = models;
        this.preparer = preparer;
        this.counters = counters;
    }

    /**
     * A request as far as admission is concerned.
     *
     * @param modelId the model named, or null
     * @param estimate tokens that it will about have, until they are counted
     */
    record Request(String modelId, ModelKind kind, Priority priority, long estimate) {}

    /**
     * About how many tokens texts will have: a quarter of their characters, as in English. Counting
     * costs what admission is to guard; the true number takes the estimate's place soon.
     */
    static long estimate(List<String> texts, int maxLength) {
        return texts.stream().mapToLong(text -> Math.min(text.length() / 4 + 1, maxLength)).sum();
    }

    /**
     * Brings a request into the queue; whatever goes wrong fails its result.
     *
     * @param works makes the pieces of the request for the open model
     */
    void submit(
            Request request, CompletableFuture<?> result, Function<OpenModel, List<Work>> works) {
        counters.request(request.priority());
        pending.add(result);
        result.whenComplete(
                (done, failure) -> {
                    pending.remove(result);
                    counters.ended(done, failure);
                });
        try {
            queue.admit(request.estimate());
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
            return;
        }
        Admitted admitted = new Admitted(request, result, works, new AtomicLong(request.estimate));
        // who gives up makes room for others at once
        result.whenComplete((done, failure) -> queue.adjust(-admitted.tokens.getAndSet(0)));
        prepare(admitted);
    }

    /**
     * A request that was let in.
     *
     * @param tokens estimated, as long as they count in the queue
     */
    private record Admitted(
            Request request,
            CompletableFuture<?> result,
            Function<OpenModel, List<Work>> works,
            AtomicLong tokens) {}

    private void prepare(Admitted admitted) {
        try {
            Executor executor = preparer.at(admitted.request.priority);
            CompletableFuture.supplyAsync(() -> find(admitted), executor)
                    .thenCompose(opening -> opening)
                    .thenAcceptAsync(model -> queue(admitted, model), executor)
                    .exceptionally(e -> refuse(admitted, e));
        } catch (RejectedExecutionException e) {
            refuse(admitted, e);
        }
    }

    private CompletableFuture<OpenModel> find(Admitted admitted) {
        if (admitted.result.isDone()) {
            throw new RejectedExecutionException("nobody waits any more");
        }
        return models.get(admitted.request.modelId, admitted.request.kind);
    }

    private void queue(Admitted admitted, OpenModel model) {
        if (admitted.result.isDone()) {
            return;
        }
        if (model.retain() == false) {
            // closed or replaced since it was found
            prepare(admitted);
            return;
        }
        try {
            if (model.kind() != admitted.request.kind) {
                prepare(admitted);
                return;
            }
            model.files().check();
            queue(admitted, admitted.works.apply(model));
        } finally {
            model.release();
        }
    }

    private void queue(Admitted admitted, List<Work> pieces) {
        long tokens = pieces.stream().mapToLong(Work::tokens).sum();
        queue.adjust(tokens - admitted.tokens.getAndSet(0));
        pieces.forEach(piece -> piece.model().retain());
        pieces.forEach(queue::add);
        admitted.result.whenComplete((done, failure) -> queue.dropAbandoned(pieces));
    }

    private static Void refuse(Admitted admitted, Throwable e) {
        admitted.result.completeExceptionally(e instanceof CompletionException ? e.getCause() : e);
        return null;
    }

    /**
     * Fails every request that has no result yet. To be called when no more come in, and again when
     * the threads have ended.
     */
    @Override
    public void close() {
        for (CompletableFuture<?> result : pending) {
            result.completeExceptionally(
                    new RejectedExecutionException("the models of this node are closed"));
        }
    }

    /**
     * The maximum length a request asks for.
     *
     * @param asked as given in the request, or null
     * @param orDefault the same, or the default where none was given
     * @throws IllegalArgumentException if the model cannot read so many tokens
     */
    static int checkMaxLength(Integer asked, int orDefault, OpenModel model) {
        int longest = model.maxPositions();
        if (asked != null && (asked < 2 || asked > longest)) {
            throw new IllegalArgumentException(
                    "[max_length] must be between [2] and ["
                            + longest
                            + "] for model ["
                            + model.id()
                            + "], got ["
                            + asked
                            + "]");
        }
        return Math.min(orDefault, longest);
    }
}
