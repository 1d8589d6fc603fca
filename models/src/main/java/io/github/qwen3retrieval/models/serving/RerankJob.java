package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** One rerank request under way: collects the scores of its documents. */
final class RerankJob {

    private final AtomicReferenceArray<RerankScore> scores;
    private final AtomicInteger missing;
    private final String instruction;
    private final CompletableFuture<RerankResponse> result = new CompletableFuture<>();
    private volatile String modelId;

    /**
     * A job without scores yet.
     *
     * @param modelId the model asked for, until the resolved one is known
     */
    RerankJob(int documents, String modelId, String instruction) {
        scores = new AtomicReferenceArray<>(documents);
        missing = new AtomicInteger(documents);
        this.modelId = modelId;
        this.instruction = instruction;
    }

    /** What the caller waits for and may cancel. */
    CompletableFuture<RerankResponse> result() {
        return result;
    }

    boolean done() {
        return result.isDone();
    }

    void resolved(String id) {
        modelId = id;
    }

    /** Takes the score of the document at the given place; the last one completes the job. */
    void complete(int index, RerankScore score) {
        scores.set(index, score);
        if (missing.decrementAndGet() == 0) {
            completeWithWhatThereIs();
        }
    }

    /** Completes the job; documents that have no score yet will have none. */
    void completeWithWhatThereIs() {
        RerankScore[] now =
                IntStream.range(0, scores.length())
                        .mapToObj(scores::get)
                        .toArray(RerankScore[]::new);
        result.complete(new RerankResponse(modelId, instruction, Arrays.asList(now)));
    }

    void fail(Throwable e) {
        result.completeExceptionally(e);
    }
}
