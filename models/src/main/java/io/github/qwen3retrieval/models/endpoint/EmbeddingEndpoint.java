package io.github.qwen3retrieval.models.endpoint;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import io.github.qwen3retrieval.models.endpoint.TextQueue.Waiting;
import io.github.qwen3retrieval.models.serving.UnitVector;
import io.github.qwen3retrieval.models.tokenizer.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Embeds at a service. The vector is cut to the dimensions asked for and brought to length 1 here,
 * as that of a local model.
 */
final class EmbeddingEndpoint implements Embedder {

    private final RemoteModel<Embedding> model;
    private final EndpointOptions options;

    EmbeddingEndpoint(RemoteModel<Embedding> model) {
        this.model = model;
        this.options = model.options();
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        int dimensions = dimensions(request);
        EmbeddingForm form = form(request);
        TextJob<Embedding, List<Embedding>> job =
                new TextJob<>(
                        request.texts().size(),
                        full -> full.stream().map(each -> cut(each, dimensions)).toList());
        if (request.texts().isEmpty()) {
            job.completeWithWhatThereIs();
            return job.result();
        }
        String prefix = prefix(request);
        List<Waiting<Embedding>> waiting = new ArrayList<>();
        for (String text : request.texts()) {
            String sent = options.prompts() == Prompts.PLUGIN ? prefix + PlainText.of(text) : text;
            waiting.add(new Waiting<>(form, sent, job, waiting.size()));
        }
        model.submit(waiting, request.inputType() == InputType.QUERY);
        return job.result();
    }

    private int dimensions(EmbeddingRequest request) {
        int least = Math.min(EmbeddingRequest.MIN_DIMENSIONS, options.dimensions());
        int dimensions = request.dimensions() == null ? options.dimensions() : request.dimensions();
        if (dimensions < least || dimensions > options.dimensions()) {
            throw new IllegalArgumentException(
                    "[dimensions] must be between ["
                            + least
                            + "] and ["
                            + options.dimensions()
                            + "] for model ["
                            + options.id()
                            + "], got ["
                            + dimensions
                            + "]");
        }
        return dimensions;
    }

    private EmbeddingForm form(EmbeddingRequest request) {
        if (options.prompts() == Prompts.PLUGIN) {
            Endpoints.refuseMaxLength(request.maxLength(), options);
            return new EmbeddingForm(options, null, null, null);
        }
        return new EmbeddingForm(
                options,
                request.inputType().name().toLowerCase(Locale.ROOT),
                request.instruction(),
                request.maxLength());
    }

    private static String prefix(EmbeddingRequest request) {
        if (request.instruction() != null) {
            return Templates.embeddingPrefix(PlainText.of(request.instruction()));
        }
        return request.inputType() == InputType.QUERY
                ? Templates.embeddingPrefix(Templates.DEFAULT_INSTRUCTION)
                : "";
    }

    private static Embedding cut(Embedding full, int dimensions) {
        return new Embedding(
                UnitVector.of(full.vector(), dimensions), full.tokens(), full.truncated());
    }
}
