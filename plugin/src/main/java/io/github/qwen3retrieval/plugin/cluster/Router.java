package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.threadpool.ThreadPool;

/**
 * Answers requests from wherever in the cluster their model is: from this node if it has it, else
 * from the least loaded one that has.
 */
public final class Router implements Embedder, Reranker {

    /** A node that hangs is given up this long after it should have answered with what it has. */
    private static final long SLACK_NANOS = 100_000_000;

    private final RouterServices services;
    private final ThreadPool threads;

    Router(RouterServices services, ThreadPool threads) {
        this.services = services;
        this.threads = threads;
    }

    /**
     * Embeds; a query within {@code qwen3.query.timeout}, documents without a limit of their own:
     * Elasticsearch tells when a node that should answer is gone.
     */
    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        CompletableFuture<List<Embedding>> answer =
                RoutedCall.start(services, new EmbedQuestion(request, services));
        if (request.inputType() == InputType.QUERY) {
            TimeValue timeout = services.options().queryTimeout();
            after(timeout, answer, () -> answer.completeExceptionally(tooLate(timeout)));
        }
        return answer;
    }

    private static ElasticsearchStatusException tooLate(TimeValue timeout) {
        return new ElasticsearchStatusException(
                "the query was not embedded within [qwen3.query.timeout] of [{}]; the model is"
                        + " behind or still being opened: try again, or raise the setting",
                RestStatus.REQUEST_TIMEOUT,
                timeout);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        CompletableFuture<RerankResponse> answer =
                RoutedCall.start(
                        services, new RerankQuestion(request, services, System.nanoTime()));
        if (request.timeout() != null) {
            long nanos = request.timeout().toNanos() + SLACK_NANOS;
            after(
                    TimeValue.timeValueNanos(nanos),
                    answer,
                    () -> answer.complete(withoutScores(request)));
        }
        return answer;
    }

    private static RerankResponse withoutScores(RerankRequest request) {
        return new RerankResponse(
                request.modelId(),
                request.instruction() == null
                        ? RerankRequest.DEFAULT_INSTRUCTION
                        : request.instruction(),
                Collections.unmodifiableList(
                        Arrays.asList(new RerankScore[request.documents().size()])));
    }

    /**
     * What would answer an embedding request.
     *
     * @param modelId the model it names, or null
     * @return fails as {@link #embed} does where there is no such model
     */
    public CompletableFuture<Offer> embeddingModel(String modelId) {
        Catalogue catalogue = services.catalogue();
        View.Wanted wanted = services.wanted(modelId, ModelKind.EMBEDDING);
        if (catalogue.stale()) {
            return lookedAgain(wanted);
        }
        try {
            Offer offer = catalogue.view().places(wanted).offer();
            return offer.sha256() == null
                    ? lookedAgain(wanted)
                    : CompletableFuture.completedFuture(offer);
        } catch (RuntimeException e) {
            // perhaps not true any more
            return lookedAgain(wanted);
        }
    }

    private CompletableFuture<Offer> lookedAgain(View.Wanted wanted) {
        Catalogue catalogue = services.catalogue();
        return catalogue.refreshed().thenApply(asked -> catalogue.view().places(wanted).offer());
    }

    private void after(TimeValue time, CompletableFuture<?> answer, Runnable giveUp) {
        if (answer.isDone()) {
            return;
        }
        var alarm = threads.schedule(giveUp, time, services.executor());
        answer.whenComplete((value, failure) -> alarm.cancel());
    }
}
