package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import io.github.qwen3retrieval.models.serving.ModelsStats;
import java.util.List;
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

    private final ModelsOptions options;
    private final List<String> openAtStart;
    private final NativeMemory memory;
    private final Models models;
    private final ExecutorService executor;
    private final RequestThreads threads;
    private final RerankCounters reranked;

    NodeModels(
            ModelsOptions options,
            List<String> openAtStart,
            NativeMemory memory,
            RerankCounters reranked,
            ThreadPool threadPool) {
        this.options = options;
        this.openAtStart = openAtStart;
        this.memory = memory;
        this.reranked = reranked;
        this.models = new Models(options, memory);
        this.executor = threadPool.generic();
        this.threads = new RequestThreads(threadPool.getThreadContext(), executor);
    }

    /** The embedder of this node. */
    Embedder embedder() {
        return new NodeEmbedder(models, threads);
    }

    /** The reranker of this node. */
    Reranker reranker() {
        return new NodeReranker(models, threads);
    }

    /** Every folder under the models folder; reads the disk. */
    public List<ModelStatus> list() {
        return models.list();
    }

    /** Counters since the node started. */
    public ModelsStats stats() {
        return models.stats();
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
        executor.execute(this::reportAndOpen);
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
                            + " [bin/qwen3-retrieval/qwen3 download Qwen/Qwen3-Embedding-0.6B]",
                    options.folder());
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
        warnOfUnknown(Qwen3Settings.DEFAULT_EMBEDDING.getKey(), options.defaultEmbedding(), known);
        warnOfUnknown(Qwen3Settings.DEFAULT_RERANKER.getKey(), options.defaultReranker(), known);
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
        models.close();
    }
}
