package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.checkpoint.FilesStamp;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.natives.FreedMemory;
import java.time.Duration;
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

    /** How often passes give the memory back that they have freed. */
    private static final Duration GIVE_BACK = Duration.ofSeconds(10);

    /** Bytes of a score on the heap. */
    private static final long SCORE_BYTES = 32;

    private final ModelsOptions options;
    private final ModelsFolder folder;
    private final OpenModels open;
    private final WorkQueue queue;
    private final Preparer preparer;
    private final Admission admission;
    private final Digests digests = new Digests(threads("digest"));
    private final Counters counters = new Counters();
    private final ExecutorService opening;
    private final ExecutorService workers;
    private final Helpers helpers;
    private final QueryVectors vectors;
    private final AnswerCache<RerankScore> scores;
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
        vectors = new QueryVectors(options.queryVectorBytes());
        scores = new AnswerCache<>(options.rerankScoreBytes(), score -> SCORE_BYTES);
        embedder = new LocalEmbedder(admission, vectors);
        reranker = new LocalReranker(admission, options.passSize(), memory, scores);
        FreedMemory freed = new FreedMemory(GIVE_BACK);
        ThreadShares shares = new ThreadShares(options.threadsOfOnePass());
        helpers = new Helpers(threads("help"), Math.max(1, options.threadsOfOnePass() - 1));
        workers = Executors.newFixedThreadPool(options.threads(), threads("worker"));
        for (int i = 0; i < options.threads(); i++) {
            workers.execute(new Worker(queue, options, memory, counters, freed, shares, helpers));
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

    /**
     * Opens a model now and waits until it is open.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws ModelException if it cannot be opened
     */
    public void open(String modelId) {
        folder.require(modelId, open.kinds());
        try {
            open.open(modelId).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ModelException("model [" + modelId + "] cannot be opened", e.getCause());
        }
    }

    /**
     * Opens a model's folder anew, beside the model that is open, and puts the new one in its place
     * when it is ready. Requests go on all the while; what has begun on the old one ends on it. One
     * that was not open is opened. Calls while it goes on share one reload. Looks into files: not
     * for a transport thread.
     *
     * <p>Fails with {@link IllegalArgumentException} if there is no such model, with {@link
     * ModelException} if its folder is broken, and as the budget does if the weights do not fit the
     * memory beside the old ones; the old model goes on then.
     */
    public CompletableFuture<Void> reload(String modelId) {
        try {
            folder.require(modelId, open.kinds());
            return open.reload(modelId);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Closes a model as soon as nothing is under way with it. The next request opens it again.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public void unload(String modelId) {
        folder.require(modelId, open.kinds());
        open.unload(modelId);
    }

    /**
     * Every sub-folder of the models folder, whether a model or broken, and every model that is
     * open without one, by name.
     */
    public List<ModelStatus> list() {
        return folder.ids(open.kinds()).stream().map(this::describe).toList();
    }

    /**
     * The sha256 of a model's files, as {@link
     * io.github.qwen3retrieval.models.checkpoint.CheckpointDigest} defines it: those it was opened
     * from, or those that it would be opened from. Computed in the background where it is not
     * known. Looks into files: not for a transport thread.
     *
     * <p>Fails with {@link IllegalArgumentException} if there is no such model, with {@link
     * ModelException} if it is broken, or if it is open and its files were replaced before its
     * sha256 was known.
     */
    public CompletableFuture<String> sha256(String id) {
        try {
            folder.require(id, open.kinds());
            return digests.get(folder.path(id), stamp(id)).copy();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private FilesStamp stamp(String id) {
        OpenModel model = open.ifOpen(id);
        if (model != null) {
            return model.stamp();
        }
        ModelsFolder.Seen seen = folder.look(id);
        if (seen.error() != null) {
            throw new ModelException("model [" + id + "] is broken: " + seen.error());
        }
        return seen.read();
    }

    private String knownSha256(String id, FilesStamp stamp) {
        CompletableFuture<String> digest = digests.get(folder.path(id), stamp);
        return digest.isDone() && digest.isCompletedExceptionally() == false
                ? digest.resultNow()
                : null;
    }

    /**
     * One model; the others are not looked at. Its sha256 is null until it is known; asking begins
     * to compute it.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public ModelStatus status(String id) {
        folder.require(id, open.kinds());
        return describe(id);
    }

    private ModelStatus describe(String id) {
        OpenModel model = open.ifOpen(id);
        if (model != null && model.retain()) {
            try {
                return describe(id, model);
            } finally {
                model.release();
            }
        }
        ModelsFolder.Seen seen = folder.look(id);
        return new ModelStatus(
                id,
                seen.kind() == null ? null : ModelsFolder.name(seen.kind()),
                seen.error() != null ? "broken" : open.state(id),
                options.precisionOf(id).toString(),
                seen.bytes(),
                seen.layers(),
                seen.hiddenSize(),
                seen.error() != null ? null : knownSha256(id, seen.read()),
                seen.error() != null ? seen.error() : open.error(id));
    }

    private ModelStatus describe(String id, OpenModel model) {
        return new ModelStatus(
                id,
                ModelsFolder.name(model.kind()),
                "open",
                options.precisionOf(id).toString(),
                model.storedBytes(),
                model.layers(),
                model.hiddenSize(),
                knownSha256(id, model.stamp()),
                open.error(id));
    }

    /** What has been done so far. */
    public ModelsStats stats() {
        return counters.now(queue.waitingTokens(), vectors.now(), scores.now(), open.liveArrays());
    }

    /**
     * Fails what waits, ends running passes at their next layer, and frees all native memory. Waits
     * for the threads.
     */
    @Override
    public void close() {
        digests.close();
        queue.close();
        preparer.close();
        // so that nobody goes on reading texts for these
        admission.close();
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
        helpers.close();
        if (ended) {
            open.close();
        } else {
            // freeing what a pass still reads would end the process
            logger.warn("a pass did not end in time; its model stays in memory");
        }
    }
}
