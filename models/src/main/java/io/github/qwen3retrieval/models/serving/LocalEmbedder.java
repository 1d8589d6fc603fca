package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.tokenizer.EmbeddingPrompt;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Embeds on this machine. */
final class LocalEmbedder implements Embedder {

    private final Admission admission;

    LocalEmbedder(Admission admission) {
        this.admission = admission;
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        EmbeddingJob job = new EmbeddingJob(request.texts().size());
        if (request.texts().isEmpty()) {
            job.result().complete(List.of());
            return job.result();
        }
        Priority priority =
                request.inputType() == InputType.QUERY ? Priority.SEARCH : Priority.INGEST;
        int maxLength = maxLength(request);
        long estimate = Admission.estimate(request.texts(), maxLength);
        Admission.Request admitted =
                new Admission.Request(request.modelId(), ModelKind.EMBEDDING, priority, estimate);
        admission.submit(admitted, job.result(), model -> works(request, job, priority, model));
        return job.result();
    }

    private static int maxLength(EmbeddingRequest request) {
        return request.maxLength() == null
                ? EmbeddingRequest.DEFAULT_MAX_LENGTH
                : request.maxLength();
    }

    private static List<Work> works(
            EmbeddingRequest request, EmbeddingJob job, Priority priority, OpenModel model) {
        int dimensions = dimensions(request, model);
        int maxLength = Admission.checkMaxLength(request.maxLength(), maxLength(request), model);
        EmbeddingPrompt prompt =
                new EmbeddingPrompt(
                        model.tokenizer(), request.inputType(), request.instruction(), maxLength);
        List<Work> works = new ArrayList<>();
        for (String text : request.texts()) {
            TokenSequence tokens = prompt.encode(text);
            EmbeddingText.Place place = new EmbeddingText.Place(job, works.size());
            works.add(new EmbeddingText(place, priority, tokens, dimensions, model));
        }
        return works;
    }

    private static int dimensions(EmbeddingRequest request, OpenModel model) {
        if (request.dimensions() == null) {
            return model.hiddenSize();
        }
        int dimensions = request.dimensions();
        if (dimensions < EmbeddingRequest.MIN_DIMENSIONS || dimensions > model.hiddenSize()) {
            throw new IllegalArgumentException(
                    "[dimensions] must be between ["
                            + EmbeddingRequest.MIN_DIMENSIONS
                            + "] and ["
                            + model.hiddenSize()
                            + "] for model ["
                            + model.id()
                            + "], got ["
                            + dimensions
                            + "]");
        }
        return dimensions;
    }
}
