package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the models of a node run.
 *
 * @param natives folders of the native libraries
 * @param folder where the checkpoints lie, one sub-folder each
 * @param defaultEmbedding model of a request that names none, or null for the only one there is
 * @param defaultReranker the same for rerankers
 * @param precision what networks compute in
 * @param precisions exceptions from it by model
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param threads passes that run side by side
 * @param batchTokens tokens of one pass; a longer text is a pass of its own
 * @param queueTokens tokens that may wait
 */
public record ModelsOptions(
        Natives natives,
        Path folder,
        String defaultEmbedding,
        String defaultReranker,
        Precision precision,
        Map<String, Precision> precisions,
        String device,
        int threads,
        int batchTokens,
        long queueTokens) {

    /**
     * Tokens of a batch where nothing else is said. On a CPU passes of 128 to 1024 tokens were
     * measured to be equally fast; short ones share a rerank out evenly between threads and keep a
     * deadline closely.
     */
    public static final int DEFAULT_BATCH_TOKENS = 256;

    /** Tokens that may wait where nothing else is said. */
    public static final long DEFAULT_QUEUE_TOKENS = 1_000_000;

    /** Everything by default, on all processors, for the checkpoints in a folder. */
    public static ModelsOptions of(Natives natives, Path folder) {
        return new ModelsOptions(
                natives,
                folder,
                null,
                null,
                Precision.AUTO,
                Map.of(),
                "auto",
                Runtime.getRuntime().availableProcessors(),
                DEFAULT_BATCH_TOKENS,
                DEFAULT_QUEUE_TOKENS);
    }

    /** The same with another precision for all models. */
    public ModelsOptions withPrecision(Precision other) {
        return new ModelsOptions(
                natives,
                folder,
                defaultEmbedding,
                defaultReranker,
                other,
                precisions,
                device,
                threads,
                batchTokens,
                queueTokens);
    }

    /** The same with another number of threads. */
    public ModelsOptions withThreads(int other) {
        return new ModelsOptions(
                natives,
                folder,
                defaultEmbedding,
                defaultReranker,
                precision,
                precisions,
                device,
                other,
                batchTokens,
                queueTokens);
    }

    /** The same on another device. */
    public ModelsOptions withDevice(String other) {
        return new ModelsOptions(
                natives,
                folder,
                defaultEmbedding,
                defaultReranker,
                precision,
                precisions,
                other,
                threads,
                batchTokens,
                queueTokens);
    }

    /** Precision of a model. */
    Precision precisionOf(String modelId) {
        return precisions.getOrDefault(modelId, precision);
    }
}
