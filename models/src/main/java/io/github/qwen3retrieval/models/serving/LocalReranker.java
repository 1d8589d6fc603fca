package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reranks on this machine. */
final class LocalReranker implements Reranker {

    private final Admission admission;
    private final PassSize size;
    private final MemoryBudget memory;
    private final AnswerCache<RerankScore> known;

    LocalReranker(
            Admission admission,
            PassSize size,
            MemoryBudget memory,
            AnswerCache<RerankScore> known) {
        this.admission = admission;
        this.size = size;
        this.memory = memory;
        this.known = known;
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
        List<RerankBatch.Document> unknown = unknown(request, instruction, maxLength, job, model);
        if (unknown.isEmpty()) {
            if (request.documents().isEmpty()) {
                job.completeWithWhatThereIs();
            }
            return List.of();
        }
        RerankPrompt prompt =
                new RerankPrompt(model.tokenizer(), request.query(), instruction, maxLength);
        List<RerankBatch.Tail> tails = new ArrayList<>();
        for (RerankBatch.Document document : unknown) {
            if (job.done()) {
                return List.of();
            }
            String text = request.documents().get(document.places().getFirst());
            tails.add(new RerankBatch.Tail(document, prompt.tail(text)));
        }
        return batches(job, prompt.prefix(), tails, model);
    }

    /**
     * The documents without a known score, equal ones as one; the scores of the others go to the
     * job.
     */
    private List<RerankBatch.Document> unknown(
            RerankRequest request,
            String instruction,
            int maxLength,
            RerankJob job,
            OpenModel model) {
        CacheKey.Parts question =
                new CacheKey.Parts()
                        .add(model.id())
                        .add(model.generation())
                        .add(instruction)
                        .add(request.query())
                        .add(maxLength);
        List<RerankBatch.Document> unknown = new ArrayList<>();
        for (Map.Entry<String, List<Integer>> document :
                EqualTexts.places(request.documents()).entrySet()) {
            List<Integer> places = document.getValue();
            if (known.isOn() == false) {
                unknown.add(new RerankBatch.Document(places, null));
                continue;
            }
            CacheKey key = question.copy().add(document.getKey()).key();
            RerankScore score = known.get(key);
            if (score == null) {
                known.miss();
                unknown.add(new RerankBatch.Document(places, key));
            } else {
                places.forEach(place -> job.complete(place, score));
            }
        }
        return unknown;
    }

    private List<Work> batches(
            RerankJob job, int[] prefixIds, List<RerankBatch.Tail> tails, OpenModel model) {
        int[] lengths = tails.stream().mapToInt(tail -> tail.tokens().ids().length).toArray();
        List<Integer> starts = size.starts(lengths, model.network().fewestTokens());
        SharedPrefix prefix =
                new SharedPrefix(
                        model.template(), prefixIds, model.network(), memory, starts.size());
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : tails.size();
            List<RerankBatch.Tail> part = tails.subList(starts.get(i), end);
            works.add(new RerankBatch(job, part, prefix, known, model));
        }
        return works;
    }
}
