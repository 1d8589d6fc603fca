package io.github.qwen3retrieval.models.parity;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.serving.Models;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The models of a folder in float32 on the CPU, asked as the Elasticsearch side asks them. */
final class CheckpointModels implements AutoCloseable {

    private final Models models;

    /** By default: two threads and the default batches. */
    CheckpointModels(Path folder) {
        this(folder, 2, ModelsOptions.DEFAULT_BATCH_TOKENS);
    }

    CheckpointModels(Path folder, int threads, int batchTokens) {
        models =
                new Models(
                        ModelsOptions.builder(Natives.fromSystemProperty(), folder)
                                .precision(Precision.FLOAT32)
                                .device("cpu")
                                .threads(threads)
                                .batchTokens(batchTokens)
                                .build(),
                        MemoryBudget.UNLIMITED);
    }

    List<Embedding> embed(String model, Golden.EmbeddingGroup group) {
        return models.embed(
                        new EmbeddingRequest(
                                model,
                                InputType.valueOf(group.inputType().toUpperCase(Locale.ROOT)),
                                group.texts(),
                                group.instruction(),
                                group.dimensions(),
                                group.maxLength()))
                .join();
    }

    /** Vectors of bare documents. */
    List<Embedding> embed(String model, List<String> texts) {
        return models.embed(
                        new EmbeddingRequest(model, InputType.DOCUMENT, texts, null, null, 32_768))
                .join();
    }

    List<RerankScore> rerank(String model, Golden.RerankGroup group) {
        return models.rerank(
                        new RerankRequest(
                                model,
                                group.query(),
                                group.documents(),
                                group.instruction(),
                                group.maxLength(),
                                null))
                .join()
                .scores();
    }

    /** Scores behind the default instruction. */
    List<RerankScore> rerank(String model, String query, List<String> documents) {
        return models.rerank(new RerankRequest(model, query, documents, null, 32_768, null))
                .join()
                .scores();
    }

    @Override
    public void close() {
        models.close();
    }
}
