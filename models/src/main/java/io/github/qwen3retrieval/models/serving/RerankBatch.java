package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.network.Interruption;
import io.github.qwen3retrieval.models.network.Prefix;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Neighbouring documents of one rerank request, to be scored in one pass. A request is cut into
 * batches by its documents alone, never by what else is going on, so that the same request gives
 * the same bits again and pages of a result do not shift.
 */
final class RerankBatch extends Work {

    private final RerankJob job;
    private final int first;
    private final List<TokenSequence> tails;
    private final SharedPrefix prefix;

    /**
     * The documents from place {@code first} of the job on.
     *
     * @param tails tokens behind the prefix, one sequence per document
     */
    RerankBatch(
            RerankJob job,
            int first,
            List<TokenSequence> tails,
            SharedPrefix prefix,
            OpenModel model) {
        super(model, Priority.SEARCH);
        this.job = job;
        this.first = first;
        this.tails = tails;
        this.prefix = prefix;
    }

    @Override
    int tokens() {
        return tails.stream().mapToInt(tail -> tail.ids().length).sum();
    }

    @Override
    int texts() {
        return tails.size();
    }

    @Override
    boolean joins(Work other) {
        return false;
    }

    @Override
    boolean abandoned() {
        return job.done();
    }

    @Override
    void fail(RuntimeException e) {
        job.fail(e);
    }

    @Override
    void finished() {
        prefix.release();
    }

    /** Scores the documents and hands the scores to the job. */
    void run(Interruption interruption) {
        int[] words = {model().tokenizer().yes(), model().tokenizer().no()};
        Prefix shared = prefix.get(interruption);
        List<int[]> ids = tails.stream().map(TokenSequence::ids).toList();
        float[][] logits = model().network().logits(ids, shared, words, interruption);
        IntStream.range(0, logits.length).forEach(i -> complete(i, logits[i]));
    }

    private void complete(int i, float[] logits) {
        TokenSequence tail = tails.get(i);
        int tokens = prefix.ids().length + tail.ids().length;
        if (Float.isFinite(logits[0]) && Float.isFinite(logits[1])) {
            job.complete(
                    first + i, new RerankScore(logits[0], logits[1], tokens, tail.truncated()));
        } else {
            fail(
                    new ModelException(
                            "model ["
                                    + model().id()
                                    + "] gave no finite score for a prompt of ["
                                    + tokens
                                    + "] tokens in precision ["
                                    + model().precision()
                                    + "]; use [float32], and [qwen3 verify] to check the checkpoint"));
        }
    }
}
