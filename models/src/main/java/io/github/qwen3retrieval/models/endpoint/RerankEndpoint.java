package io.github.qwen3retrieval.models.endpoint;

import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import io.github.qwen3retrieval.models.endpoint.TextQueue.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Reranks at a service. Documents go in batches in their order, so that what a timeout leaves
 * without a score is the tail.
 */
final class RerankEndpoint implements Reranker {

    private final RemoteModel<RerankScore> model;
    private final EndpointOptions options;

    RerankEndpoint(RemoteModel<RerankScore> model) {
        this.model = model;
        this.options = model.options();
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        if (options.prompts() == Prompts.PLUGIN) {
            Endpoints.refuseMaxLength(request.maxLength(), options);
        }
        RerankForm form = new RerankForm(options, request);
        TextJob<RerankScore, RerankResponse> job =
                new TextJob<>(
                        request.documents().size(),
                        scores -> new RerankResponse(options.id(), form.instruction(), scores));
        if (request.documents().isEmpty()) {
            job.completeWithWhatThereIs();
            return job.result();
        }
        List<Waiting<RerankScore>> waiting = new ArrayList<>();
        for (String document : request.documents()) {
            waiting.add(new Waiting<>(form, form.document(document), job, waiting.size()));
        }
        model.submit(waiting, true);
        if (request.timeout() != null) {
            // The JDK's own timer thread only hands over; completing costs next to nothing.
            CompletableFuture.delayedExecutor(
                            request.timeout().toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(job::completeWithWhatThereIs);
        }
        return job.result();
    }
}
