package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.natives.Niceness;
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
 * @param nice how far these passes step back for other threads, from 0 to {@value Niceness#MOST}
 * @param batchTokens tokens of one pass; a longer text is a pass of its own
 * @param queueTokens tokens that may wait
 * @param queryVectorBytes heap that the vectors of queries seen before may take; 0 keeps none
 * @param rerankScoreBytes the same for scores of a query's documents
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
        int nice,
        int batchTokens,
        long queueTokens,
        long queryVectorBytes,
        long rerankScoreBytes) {

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
        return builder(natives, folder).build();
    }

    /** Options that differ from the defaults in what is set. */
    public static Builder builder(Natives natives, Path folder) {
        return new Builder(natives, folder);
    }

    /**
     * Threads that a pass may have that runs alone: no more than there are processors, since those
     * that help look out for work between two steps.
     */
    int threadsOfOnePass() {
        return Math.min(threads, Runtime.getRuntime().availableProcessors());
    }

    /** How much of what waits a pass takes. */
    PassSize passSize() {
        return new PassSize(batchTokens, threads);
    }

    /** Precision of a model. */
    Precision precisionOf(String modelId) {
        return precisions.getOrDefault(modelId, precision);
    }

    /** Makes options; what is not set is as by default, and nothing is cached. */
    public static final class Builder {

        private final Natives natives;
        private final Path folder;
        private String defaultEmbedding;
        private String defaultReranker;
        private Precision precision = Precision.AUTO;
        private Map<String, Precision> precisions = Map.of();
        private String device = "auto";
        private int threads = Runtime.getRuntime().availableProcessors();
        private int nice;
        private int batchTokens = DEFAULT_BATCH_TOKENS;
        private long queueTokens = DEFAULT_QUEUE_TOKENS;
        private long queryVectorBytes;
        private long rerankScoreBytes;

        private Builder(Natives natives, Path folder) {
            this.natives = natives;
            this.folder = folder;
        }

        /** Models of requests that name none; null for the only ones there are. */
        public Builder defaultModels(String embedding, String reranker) {
            defaultEmbedding = embedding;
            defaultReranker = reranker;
            return this;
        }

        /** What networks compute in. */
        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        /** Exceptions from the precision, by model. */
        public Builder precisions(Map<String, Precision> value) {
            precisions = Map.copyOf(value);
            return this;
        }

        /** {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
        public Builder device(String value) {
            device = value;
            return this;
        }

        /** Passes that run side by side. */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /** How far passes step back for other threads; by default not at all. */
        public Builder nice(int value) {
            nice = value;
            return this;
        }

        /** Tokens of one pass. */
        public Builder batchTokens(int value) {
            batchTokens = value;
            return this;
        }

        /** Tokens that may wait. */
        public Builder queueTokens(long value) {
            queueTokens = value;
            return this;
        }

        /** Bytes of the heap that each of the two caches may take; 0 turns it off. */
        public Builder caches(long queryVectors, long rerankScores) {
            queryVectorBytes = queryVectors;
            rerankScoreBytes = rerankScores;
            return this;
        }

        /** The options. */
        public ModelsOptions build() {
            return new ModelsOptions(
                    natives,
                    folder,
                    defaultEmbedding,
                    defaultReranker,
                    precision,
                    precisions,
                    device,
                    threads,
                    nice,
                    batchTokens,
                    queueTokens,
                    queryVectorBytes,
                    rerankScoreBytes);
        }
    }
}
