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
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Embeds on this machine. */
final class LocalEmbedder implements Embedder {

    private final Admission admission;
    private final QueryVectors vectors;

    LocalEmbedder(Admission admission, QueryVectors vectors) {
        this.admission = admission;
        this.vectors = vectors;
    }

    /**
     * A text whose vector is not known.
     *
     * @param key null where vectors are not cached
     */
    private record Unknown(EmbeddingJob.Place place, CacheKey key, TokenSequence tokens) {}

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

    private List<Work> works(
            EmbeddingRequest request, EmbeddingJob job, Priority priority, OpenModel model) {
        int dimensions = dimensions(request, model);
        int maxLength = Admission.checkMaxLength(request.maxLength(), maxLength(request), model);
        EmbeddingPrompt prompt =
                new EmbeddingPrompt(
                        model.tokenizer(), request.inputType(), request.instruction(), maxLength);
        CacheKey.Parts question =
                new CacheKey.Parts()
                        .add(model.id())
                        .add(model.generation())
                        .add(request.instruction())
                        .add(dimensions)
                        .add(maxLength);
        List<Unknown> unknown = new ArrayList<>();
        for (Map.Entry<String, List<Integer>> text :
                EqualTexts.places(request.texts()).entrySet()) {
            if (job.done()) {
                return List.of();
            }
            EmbeddingJob.Place place = new EmbeddingJob.Place(job, text.getValue());
            CacheKey key = cached(request) ? question.copy().add(text.getKey()).key() : null;
            Embedding known = key == null ? null : vectors.get(key);
            if (known == null) {
                unknown.add(new Unknown(place, key, prompt.encode(text.getKey())));
            } else {
                place.complete(known);
            }
        }
        int[] shared = unknown.isEmpty() ? new int[0] : prompt.shared();
        // not before every text has been read: others may wait for what is begun here
        return begin(unknown, shared, priority, dimensions, model);
    }

    private List<Work> begin(
            List<Unknown> unknown,
            int[] shared,
            Priority priority,
            int dimensions,
            OpenModel model) {
        List<Work> works = new ArrayList<>();
        for (Unknown text : unknown) {
            Destination destination =
                    text.key == null ? text.place : vectors.join(text.key, text.place);
            if (destination != null) {
                SharedPrefix instruction =
                        text.tokens.continues(shared) ? model.instructions().retain(shared) : null;
                works.add(
                        new EmbeddingText(
                                destination,
                                priority,
                                text.tokens,
                                instruction,
                                dimensions,
                                model));
            }
        }
        return works;
    }

    private boolean cached(EmbeddingRequest request) {
        return vectors.isOn() && request.inputType() == InputType.QUERY;
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
