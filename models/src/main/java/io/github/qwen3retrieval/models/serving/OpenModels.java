package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.network.PyTorch;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are open or opening. A model is opened once, on a thread of its own, when it is
 * first needed; one that could not be opened is tried again when it is needed again.
 */
final class OpenModels implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(OpenModels.class);

    private final ModelsOptions options;
    private final ModelsFolder folder;
    private final MemoryBudget memory;
    private final Executor threads;
    private final Map<String, CompletableFuture<OpenModel>> models = new ConcurrentHashMap<>();
    private boolean closed;

    OpenModels(ModelsOptions options, ModelsFolder folder, MemoryBudget memory, Executor threads) {
        this.options = options;
        this.folder = folder;
        this.memory = memory;
        this.threads = threads;
    }

    /** The model a request means, when it is open. Looks into files: not for a transport thread. */
    CompletableFuture<OpenModel> get(String modelId, ModelKind kind) {
        return open(folder.resolve(modelId, kind));
    }

    /** The model in that folder, when it is open. */
    synchronized CompletableFuture<OpenModel> open(String id) {
        if (closed) {
            throw new RejectedExecutionException("the models of this node are closed");
        }
        CompletableFuture<OpenModel> known = models.get(id);
        if (known != null && known.isCompletedExceptionally() == false) {
            return known;
        }
        CompletableFuture<OpenModel> opening = new CompletableFuture<>();
        models.put(id, opening);
        threads.execute(() -> open(id, opening));
        return opening;
    }

    private void open(String id, CompletableFuture<OpenModel> opening) {
        long started = System.nanoTime();
        try {
            PyTorch.start(options.natives());
            OpenModel model =
                    OpenModel.open(
                            folder.path(id), options.precisionOf(id), options.device(), memory);
            logger.info(
                    "opened model [{}] in [{}] ms: {}, precision {}, {} of weights in memory beside"
                            + " the page cache",
                    id,
                    (System.nanoTime() - started) / 1_000_000,
                    ModelsFolder.name(model.kind()),
                    model.precision(),
                    megabytes(model.bytes()));
            opening.complete(model);
        } catch (RuntimeException | Error e) {
            logger.warn("model [{}] cannot be opened: {}", id, e.getMessage());
            opening.completeExceptionally(e);
        }
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

    /** Why opening failed, or null. */
    String error(String id) {
        CompletableFuture<OpenModel> model = models.get(id);
        return model != null && model.isCompletedExceptionally()
                ? model.exceptionNow().getMessage()
                : null;
    }

    /** Closes all models, waiting for those that are opening. No pass may run. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (CompletableFuture<OpenModel> model : models.values()) {
            model.handle((open, failure) -> open)
                    .thenAccept(
                            open -> {
                                if (open != null) {
                                    open.close();
                                }
                            })
                    .join();
        }
        models.clear();
    }
}
