package io.github.qwen3retrieval.models.bench;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.serving.Models;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Requests of texts that have exactly so many tokens: {@code max_length} cuts them. */
final class Workload {

    private final Models models;
    private final String model;
    private final ModelKind kind;
    private final PromptSize size;

    /** Requests to an open model. */
    Workload(Models models, String model, ModelKind kind, PromptSize size) {
        this.models = models;
        this.model = model;
        this.kind = kind;
        this.size = size;
    }

    /** A request of so many texts of so many tokens each, ready to be run again and again. */
    Runnable request(int texts, int length) {
        List<String> inputs = SampleTexts.of(texts, length);
        int maxLength = size.whole(length);
        if (kind == ModelKind.EMBEDDING) {
            EmbeddingRequest request =
                    new EmbeddingRequest(model, InputType.DOCUMENT, inputs, null, null, maxLength);
            return () -> wait(models.embed(request));
        }
        RerankRequest request =
                new RerankRequest(model, SampleTexts.QUERY, inputs, null, maxLength, null);
        return () -> wait(models.rerank(request));
    }

    private static void wait(CompletableFuture<?> answer) {
        try {
            answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ModelException("the model failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted", e);
        }
    }
}
