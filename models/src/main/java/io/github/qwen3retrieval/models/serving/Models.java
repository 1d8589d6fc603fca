package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a node: all checkpoints of one folder, the threads that run them and the queue
 * before them. Making one costs nothing; a model is opened when a request first needs it.
 */
public final class Models implements Embedder, Reranker, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Models.class);

    /** How long closing waits for the layers that are being computed. */
    private static final long END_MILLIS = 120_000;

    private final ModelsOptions options;
    private final ModelsFolder folder;
    private final OpenModels open;
    private final WorkQueue queue;
    private final Preparer preparer;
    private final Admission admission;
    private final Counters counters = new Counters();
    private final ExecutorService opening;
    private final ExecutorService workers;
    private final Embedder embedder;
    private final Reranker reranker;

    /**
     * The models of a folder.
     *
     * @param memory asked before weights or activations are allocated
     */
    public Models(ModelsOptions options, MemoryBudget memory) {
        this.options = options;
        Map<ModelKind, String> defaults = new EnumMap<>(ModelKind.class);
        if (options.defaultEmbedding() != null) {
            defaults.put(ModelKind.EMBEDDING, options.defaultEmbedding());
        }
        if (options.defaultReranker() != null) {
            defaults.put(ModelKind.RERANKER, options.defaultReranker());
        }
        folder = new ModelsFolder(options.folder(), defaults);
        opening = Executors.newCachedThreadPool(threads("open"));
        open = new OpenModels(options, folder, memory, opening);
        queue = new WorkQueue(options.queueTokens());
        preparer = new Preparer(threads("prepare"));
        admission = new Admission(queue, open, preparer, counters);
        embedder = new LocalEmbedder(admission);
        reranker = new LocalReranker(admission, options.batchTokens(), memory);
        workers = Executors.newFixedThreadPool(options.threads(), threads("worker"));
        for (int i = 0; i < options.threads(); i++) {
            workers.execute(new Worker(queue, options.batchTokens(), memory, counters));
        }
    }

    /**
     * Threads are made and started by the JDK alone: in a node, to do so ourselves takes an
     * entitlement.
     */
    private static ThreadFactory threads(String role) {
        return Thread.ofPlatform().daemon().name("qwen3-" + role + "-", 1).factory();
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return embedder.embed(request);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        return reranker.rerank(request);
    }

    /** Opens a model now and waits until it is open. */
    public void open(String modelId) {
        try {
            open.open(modelId).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ModelException("model [" + modelId + "] cannot be opened", e.getCause());
        }
    }

    /** Every sub-folder of the models folder, whether a model or broken, by name. */
    public List<ModelStatus> list() {
        return folder.ids().stream().map(this::status).toList();
    }

    /** One sub-folder of the models folder; the others are not looked at. */
    public ModelStatus status(String id) {
        ModelsFolder.Seen seen = folder.look(id);
        String error = seen.error() != null ? seen.error() : open.error(id);
        return new ModelStatus(
                id,
                seen.kind() == null ? null : ModelsFolder.name(seen.kind()),
                seen.error() != null ? "broken" : open.state(id),
                options.precisionOf(id).toString(),
                seen.bytes(),
                seen.layers(),
                seen.hiddenSize(),
                error);
    }

    /** What has been done so far. */
    public ModelsStats stats() {
        return counters.now(queue.waitingTokens());
    }

    /**
     * Fails what waits, ends running passes at their next layer, and frees all native memory. Waits
     * for the threads.
     */
    @Override
    public void close() {
        queue.close();
        preparer.close();
        workers.shutdownNow();
        boolean ended = false;
        try {
            ended =
                    preparer.awaitEnd(END_MILLIS)
                            && workers.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admission.close();
        opening.shutdown();
        if (ended) {
            open.close();
        } else {
            // freeing what a pass still reads would end the process
            logger.warn("a pass did not end in time; its model stays in memory");
        }
    }
}
