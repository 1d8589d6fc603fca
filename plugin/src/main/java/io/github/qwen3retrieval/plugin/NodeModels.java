package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import io.github.qwen3retrieval.models.serving.ModelsStats;
import io.github.qwen3retrieval.models.serving.ModelsStats.Cache;
import io.github.qwen3retrieval.plugin.cluster.LocalModels;
import io.github.qwen3retrieval.plugin.cluster.Served;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.elasticsearch.common.component.AbstractLifecycleComponent;
import org.elasticsearch.common.unit.ByteSizeValue;
import org.elasticsearch.threadpool.ThreadPool;

/**
 * The models of this node, from its start to its end: opened at their first request or, where
 * {@link Qwen3Settings#OPEN_AT_START} names them, beside the starting node, which does not wait for
 * them. Closing the node frees their native memory.
 */
public final class NodeModels extends AbstractLifecycleComponent {

    private static final Logger logger = LogManager.getLogger(NodeModels.class);

    private static final ModelsStats.Passes NO_PASSES = new ModelsStats.Passes(0, 0, 0, 0, 0);
    private static final ModelsStats NONE =
            new ModelsStats(NO_PASSES, NO_PASSES, 0, 0, 0, 0, 0, Cache.UNUSED, Cache.UNUSED, 0);

    private final boolean inference;
    private final ModelsOptions options;
    private final List<String> openAtStart;
    private final NativeMemory memory;
    private final Models models;
    private final ExecutorService executor;
    private final RerankCounters reranked;

    NodeModels(
            NodeOptions options,
            NativeMemory memory,
            RerankCounters reranked,
            ThreadPool threadPool) {
        this.inference = options.inference();
        this.options = options.models();
        this.openAtStart = options.openAtStart();
        this.memory = memory;
        this.reranked = reranked;
        // their threads are not started where nothing is to run on them
        this.models = inference ? new Models(options.models(), memory) : null;
        this.executor = threadPool.generic();
    }

    /** What this node serves of its models folder: nothing where it runs no models. */
    List<Served> served() {
        return inference ? List.of(new LocalModels(models)) : List.of();
    }

    /** Whether this node runs models. */
    public boolean inference() {
        return inference;
    }

    /** Every folder under the models folder; reads the disk. None where it runs no models. */
    public List<ModelStatus> list() {
        return inference ? models.list() : List.of();
    }

    /** Whether this is a folder under the models folder, or a model still open; reads the disk. */
    public boolean has(String modelId) {
        return list().stream().anyMatch(model -> model.id().equals(modelId));
    }

    /** See {@link Models#reload}; reads the disk. Not for a node that runs no models. */
    public CompletableFuture<Void> reload(String modelId) {
        return models.reload(modelId);
    }

    /** Counters since the node started. */
    public ModelsStats stats() {
        return inference ? models.stats() : NONE;
    }

    /** What became of hits to rerank since the node started. */
    public RerankCounters.Hits hits() {
        return reranked.now();
    }

    /**
     * Native memory of weights and activations.
     *
     * @param used bytes in use
     * @param limit bytes that may be in use
     */
    public record Memory(long used, long limit) {}

    /** Native memory now. */
    public Memory memory() {
        return new Memory(memory.used(), memory.limit());
    }

    @Override
    protected void doStart() {
        if (inference) {
            executor.execute(this::reportAndOpen);
        } else {
            logger.info(
                    "[{}] is false: this node runs no models and asks nodes that do",
                    Qwen3Settings.INFERENCE.getKey());
        }
    }

    private void reportAndOpen() {
        List<ModelStatus> found = models.list();
        logger.info(
                "[{}] models in [{}], threads [{}], device [{}], native memory limit [{}],"
                        + " native libraries in [{}]",
                found.size(),
                options.folder(),
                options.threads(),
                options.device(),
                ByteSizeValue.ofBytes(memory.limit()),
                options.natives().pytorch());
        if (found.isEmpty()) {
            logger.warn(
                    "no model in [{}]: put a checkpoint folder there, for example with"
                            + " [bin/qwen3-retrieval/qwen3 download Qwen/Qwen3-Embedding-0.6B]; or,"
                            + " if other nodes of the cluster have the models, set [{}: false]",
                    options.folder(),
                    Qwen3Settings.INFERENCE.getKey());
        }
        found.forEach(NodeModels::report);
        found.stream().map(ModelStatus::id).filter(this::opensAtStart).forEach(this::open);
        warnOfUnknown(found);
    }

    private static void report(ModelStatus model) {
        if (model.error() != null) {
            logger.warn("model [{}] cannot be used: {}", model.id(), model.error());
        }
    }

    private boolean opensAtStart(String modelId) {
        return openAtStart.contains("*") || openAtStart.contains(modelId);
    }

    private void warnOfUnknown(List<ModelStatus> found) {
        List<String> known = found.stream().map(ModelStatus::id).toList();
        openAtStart.stream()
                .filter(modelId -> "*".equals(modelId) == false)
                .forEach(id -> warnOfUnknown(Qwen3Settings.OPEN_AT_START.getKey(), id, known));
        tellOfElsewhere(
                Qwen3Settings.DEFAULT_EMBEDDING.getKey(), options.defaultEmbedding(), known);
        tellOfElsewhere(Qwen3Settings.DEFAULT_RERANKER.getKey(), options.defaultReranker(), known);
        for (String modelId : options.precisions().keySet()) {
            warnOfUnknown("qwen3.model." + modelId + ".precision", modelId, known);
        }
    }

    private void warnOfUnknown(String setting, String modelId, List<String> known) {
        if (modelId != null && known.contains(modelId) == false) {
            logger.warn(
                    "[{}] names model [{}], which is not in [{}]; there are {}",
                    setting,
                    modelId,
                    options.folder(),
                    known);
        }
    }

    /** A default model may as well be on another node or at a remote endpoint. */
    private void tellOfElsewhere(String setting, String modelId, List<String> known) {
        if (modelId != null && known.contains(modelId) == false) {
            logger.info(
                    "[{}] names model [{}], which is not in [{}]: it must be on another node or a"
                            + " remote endpoint; there are {}",
                    setting,
                    modelId,
                    options.folder(),
                    known);
        }
    }

    private void open(String modelId) {
        if (lifecycle.stoppedOrClosed()) {
            return;
        }
        try {
            models.open(modelId);
        } catch (RuntimeException e) {
            // the models log why, in words; this is for those who need the stack
            logger.debug("model [" + modelId + "] could not be opened", e);
        }
    }

    @Override
    protected void doStop() {}

    @Override
    protected void doClose() {
        if (inference) {
            models.close();
        }
    }
}
