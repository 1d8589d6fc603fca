package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.network.Prefix;
import io.github.qwen3retrieval.models.tokenizer.TokenSequence;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Neighbouring documents of one rerank request, to be scored in one pass. A request is cut into
 * batches by its documents and the node's settings alone, those left out whose scores are known,
 * never by what else is going on: the same request gives the same bits again and pages of a result
 * do not shift.
 */
final class RerankBatch extends Work {

    private final RerankJob job;
    private final List<Tail> tails;
    private final SharedPrefix prefix;
    private final AnswerCache<RerankScore> known;

    /**
     * Documents of a job.
     *
     * @param prefix what all prompts of the job begin with
     * @param known takes the scores
     */
    RerankBatch(
            RerankJob job,
            List<Tail> tails,
            SharedPrefix prefix,
            AnswerCache<RerankScore> known,
            OpenModel model) {
        super(model, Priority.SEARCH);
        this.job = job;
        this.tails = tails;
        this.prefix = prefix;
        this.known = known;
    }

    /**
     * A document of the request.
     *
     * @param places where it stands among the documents: several, where equal ones are asked for
     * @param key by which its score is kept, or null where none is
     */
    record Document(List<Integer> places, CacheKey key) {}

    /** What of a document stands behind the prefix. */
    record Tail(Document document, TokenSequence tokens) {}

    @Override
    int tokens() {
        return tails.stream().mapToInt(tail -> tail.tokens.ids().length).sum();
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
        super.finished();
    }

    /** Scores the documents and hands the scores to the job. */
    void run(PassThread thread) {
        int[] words = {model().tokenizer().yes(), model().tokenizer().no()};
        Prefix shared = prefix.get(thread);
        List<int[]> ids = tails.stream().map(tail -> tail.tokens.ids()).toList();
        float[][] logits = model().network().logits(ids, shared, words, thread);
        IntStream.range(0, logits.length).forEach(i -> complete(tails.get(i), logits[i]));
    }

    private void complete(Tail tail, float[] logits) {
        int tokens = prefix.ids().length + tail.tokens.ids().length;
        if (Float.isFinite(logits[0]) && Float.isFinite(logits[1])) {
            RerankScore score =
                    new RerankScore(logits[0], logits[1], tokens, tail.tokens.truncated());
            if (tail.document.key != null) {
                known.put(tail.document.key, score);
            }
            tail.document.places.forEach(place -> job.complete(place, score));
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
