package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.network.LiveArrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are open or opening. A model is opened once, on a thread of its own, when it is
 * first needed; one that could not be opened is tried again when it is needed again. Reloading
 * opens a folder a second time and puts the new model in the old one's place when it is ready.
 */
final class OpenModels implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(OpenModels.class);

    private final ModelsOptions options;
    private final ModelsFolder folder;
    private final MemoryBudget memory;
    private final Executor threads;
    private final Map<String, CompletableFuture<OpenModel>> models = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> reloading = new ConcurrentHashMap<>();
    private final Map<String, String> reloadErrors = new ConcurrentHashMap<>();
    private final LiveArrays live = new LiveArrays();
    private final AtomicLong generations = new AtomicLong();
    private boolean closed;

    OpenModels(ModelsOptions options, ModelsFolder folder, MemoryBudget memory, Executor threads) {
        this.options = options;
        this.folder = folder;
        this.memory = memory;
        this.threads = threads;
    }

    /** The model a request means, when it is open. Looks into files: not for a transport thread. */
    CompletableFuture<OpenModel> get(String modelId, ModelKind kind) {
        return open(folder.resolve(modelId, kind, kinds()));
    }

    /** The model in that folder, when it is open. */
    synchronized CompletableFuture<OpenModel> open(String id) {
        checkOpen();
        CompletableFuture<OpenModel> known = models.get(id);
        if (known != null && known.isCompletedExceptionally() == false) {
            return known;
        }
        CompletableFuture<OpenModel> opening = new CompletableFuture<>();
        models.put(id, opening);
        try {
            threads.execute(() -> open(id, opening));
        } catch (RejectedExecutionException e) {
            opening.completeExceptionally(e);
        }
        return opening;
    }

    private void checkOpen() {
        if (closed) {
            throw new RejectedExecutionException("the models of this node are closed");
        }
    }

    private void open(String id, CompletableFuture<OpenModel> opening) {
        try {
            opening.complete(load(id));
        } catch (RuntimeException | Error e) {
            logger.warn("model [{}] cannot be opened: {}", id, e.getMessage());
            opening.completeExceptionally(e);
        }
    }

    private OpenModel load(String id) {
        long started = System.nanoTime();
        OpenModel model =
                OpenModel.open(
                        folder.path(id),
                        new OpenModel.How(
                                options.natives(),
                                options.precisionOf(id),
                                options.device(),
                                memory,
                                live,
                                threads,
                                options.threadsOfOnePass(),
                                generations.incrementAndGet()));
        logger.info(
                "opened model [{}] in [{}] ms: {}, precision {}, {} of weights in memory beside"
                        + " the page cache",
                id,
                (System.nanoTime() - started) / 1_000_000,
                ModelsFolder.name(model.kind()),
                model.precision(),
                megabytes(model.bytes()));
        return model;
    }

    /**
     * Opens the folder anew and puts what it holds in the place of the model that is open. What
     * that one has begun it ends, and then it is closed. If the folder cannot be opened, or does
     * not fit the memory beside the old one, the future fails and the old one goes on. Calls while
     * a reload is under way share it.
     */
    synchronized CompletableFuture<Void> reload(String id) {
        checkOpen();
        CompletableFuture<OpenModel> old = models.get(id);
        if (old == null || old.isCompletedExceptionally()) {
            return open(id).thenAccept(model -> {});
        }
        CompletableFuture<Void> underWay = reloading.get(id);
        if (underWay != null) {
            return underWay.copy();
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        reloading.put(id, done);
        old.handle((model, failure) -> model)
                .thenAcceptAsync(model -> replace(id, old), threads)
                .whenComplete((nothing, failure) -> reloaded(id, done, failure));
        return done.copy();
    }

    private void replace(String id, CompletableFuture<OpenModel> old) {
        OpenModel fresh = load(id);
        synchronized (this) {
            if (closed == false && models.get(id) == old) {
                models.put(id, CompletableFuture.completedFuture(fresh));
                release(old);
                return;
            }
        }
        // unloaded or ended meanwhile: whoever needs the model next opens it
        fresh.release();
    }

    private void reloaded(String id, CompletableFuture<Void> done, Throwable failure) {
        reloading.remove(id);
        if (failure == null) {
            reloadErrors.remove(id);
            done.complete(null);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        logger.warn(
                "model [{}] cannot be reloaded, what is open goes on: {}", id, cause.getMessage());
        reloadErrors.put(id, "it could not be reloaded: " + cause.getMessage());
        done.completeExceptionally(cause);
    }

    /** Closes a model as soon as nothing is under way with it; the next request opens it again. */
    synchronized void unload(String id) {
        CompletableFuture<OpenModel> model = models.remove(id);
        reloadErrors.remove(id);
        if (model != null) {
            release(model);
        }
    }

    /** Lets go of a model, once it is open. */
    private static void release(CompletableFuture<OpenModel> model) {
        model.thenAccept(OpenModel::release);
    }

    /** Values of all models in native memory, those included that are being closed. */
    long liveArrays() {
        return live.count();
    }

    /** The kinds of the models that are open, by id. */
    Map<String, ModelKind> kinds() {
        Map<String, ModelKind> kinds = new TreeMap<>();
        for (String id : models.keySet()) {
            OpenModel model = ifOpen(id);
            if (model != null) {
                kinds.put(id, model.kind());
            }
        }
        return kinds;
    }

    /** The model in that folder if it is open, or null. It may be closed at any time. */
    OpenModel ifOpen(String id) {
        CompletableFuture<OpenModel> model = models.get(id);
        return model != null && model.isDone() && model.isCompletedExceptionally() == false
                ? model.resultNow()
                : null;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** {@code closed}, {@code opening}, {@code open} or {@code broken}. */
    String state(String id) {
        CompletableFuture<OpenModel> model = models.get(id);
        if (model == null) {
            return "closed";
        }
        if (model.isDone() == false) {
            return "opening";
        }
        return model.isCompletedExceptionally() ? "broken" : "open";
    }

    /** Why opening or reloading failed, or what has become of the folder; null if all is well. */
    String error(String id) {
        CompletableFuture<OpenModel> model = models.get(id);
        if (model == null || model.isDone() == false) {
            return null;
        }
        if (model.isCompletedExceptionally()) {
            return model.exceptionNow().getMessage();
        }
        String reload = reloadErrors.get(id);
        return reload == null ? model.resultNow().files().note() : reload;
    }

    /** Closes all models, waiting for those that are opening. No pass may run. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (CompletableFuture<Void> reload : reloading.values()) {
            reload.handle((done, failure) -> done).join();
        }
        for (CompletableFuture<OpenModel> model : models.values()) {
            model.thenAccept(OpenModel::release).handle((done, failure) -> done).join();
        }
        models.clear();
    }
}
