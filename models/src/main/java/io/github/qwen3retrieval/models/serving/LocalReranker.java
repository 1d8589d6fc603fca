package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reranks on this machine. */
final class LocalReranker implements Reranker {

    private final Admission admission;
    private final int batchTokens;
    private final MemoryBudget memory;

    LocalReranker(Admission admission, int batchTokens, MemoryBudget memory) {
        this.admission = admission;
        this.batchTokens = batchTokens;
        this.memory = memory;
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        String instruction =
                request.instruction() == null
                        ? RerankRequest.DEFAULT_INSTRUCTION
                        : request.instruction();
        RerankJob job = new RerankJob(request.documents().size(), request.modelId(), instruction);
        int maxLength = maxLength(request);
        long estimate = Admission.estimate(request.documents(), maxLength);
        Admission.Request admitted =
                new Admission.Request(
                        request.modelId(), ModelKind.RERANKER, Priority.SEARCH, estimate);
        admission.submit(admitted, job.result(), model -> works(request, instruction, job, model));
        if (request.timeout() != null) {
            // The JDK's own timer thread only hands over; completing costs next to nothing.
            CompletableFuture.delayedExecutor(
                            request.timeout().toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(job::completeWithWhatThereIs);
        }
        return job.result();
    }

    private static int maxLength(RerankRequest request) {
        return request.maxLength() == null ? RerankRequest.DEFAULT_MAX_LENGTH : request.maxLength();
    }

    private List<Work> works(
            RerankRequest request, String instruction, RerankJob job, OpenModel model) {
        job.resolved(model.id());
        int maxLength = Admission.checkMaxLength(request.maxLength(), maxLength(request), model);
        RerankPrompt prompt =
                new RerankPrompt(model.tokenizer(), request.query(), instruction, maxLength);
        List<TokenSequence> tails = new ArrayList<>();
        for (String document : request.documents()) {
            if (job.done()) {
                return List.of();
            }
            tails.add(prompt.tail(document));
        }
        if (tails.isEmpty()) {
            job.completeWithWhatThereIs();
            return List.of();
        }
        List<Integer> starts = starts(tails);
        SharedPrefix prefix =
                new SharedPrefix(prompt.prefix(), model.network(), memory, starts.size());
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : tails.size();
            List<TokenSequence> part = tails.subList(starts.get(i), end);
            works.add(new RerankBatch(job, starts.get(i), part, prefix, model));
        }
        return works;
    }

    /** Where batches begin: as many neighbours as the token budget holds, at least one. */
    private List<Integer> starts(List<TokenSequence> tails) {
        List<Integer> starts = new ArrayList<>();
        int tokens = 0;
        for (int i = 0; i < tails.size(); i++) {
            int length = tails.get(i).ids().length;
            if (starts.isEmpty() || tokens + length > batchTokens) {
                starts.add(i);
                tokens = 0;
            }
            tokens += length;
        }
        return starts;
    }
}
