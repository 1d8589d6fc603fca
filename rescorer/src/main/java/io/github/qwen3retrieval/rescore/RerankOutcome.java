package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What became of a window that was handed to the reranker.
 *
 * @param scores one per text, in the texts' order; null where there is none
 * @param response the model's response, or null if there is none
 * @param failure why scores are missing, or null if none is, or if time ran out
 */
record RerankOutcome(List<RerankScore> scores, RerankResponse response, Throwable failure) {

    /** From a response; one that does not fit the request, or is not finite, is a failure. */
    static RerankOutcome of(RerankResponse response, int documents) {
        boolean fits =
                response != null
                        && response.scores().size() == documents
                        && response.scores().stream()
                                .filter(Objects::nonNull)
                                .allMatch(score -> Float.isNaN(score.probability()) == false);
        return fits
                ? new RerankOutcome(response.scores(), response, null)
                : failed(new IllegalStateException("the model gave no usable scores"), documents);
    }

    /** Without any score because of a failure. */
    static RerankOutcome failed(Throwable failure, int documents) {
        return new RerankOutcome(none(documents), null, failure);
    }

    /** Without any score because time ran out. */
    static RerankOutcome timedOut(int documents) {
        return new RerankOutcome(none(documents), null, null);
    }

    private static List<RerankScore> none(int documents) {
        return Collections.unmodifiableList(Arrays.asList(new RerankScore[documents]));
    }

    /** How many texts have a score. */
    int scored() {
        return (int) scores.stream().filter(Objects::nonNull).count();
    }

    /** How many texts have none. */
    int kept() {
        return scores.size() - scored();
    }

    /**
     * Counts, warns and, where the request asks for it, fails.
     *
     * @return this
     */
    RerankOutcome settle(RerankParams params, RerankListener listener) {
        if (failure != null && RerankFailures.isWrongRequest(failure)) {
            throw RerankFailures.wrongRequest(failure);
        }
        listener.onReranked(scored());
        if (kept() > 0) {
            listener.onKept(
                    kept(),
                    failure == null
                            ? RerankListener.KeptCause.TIMEOUT
                            : RerankListener.KeptCause.FAILURE);
            if (params.onFailure() == OnFailure.FAIL) {
                throw failure != null
                        ? RerankFailures.toSearchFailure(failure)
                        : RerankFailures.timedOut(params.timeout(), scored(), scores.size());
            }
            RerankWarnings.kept(kept(), scores.size(), reason(params));
        }
        return this;
    }

    private String reason(RerankParams params) {
        if (failure != null) {
            return RerankFailures.message(failure);
        }
        return params.timeout() == null
                ? "the model did not score them"
                : "the timeout of [" + params.timeout() + "] passed";
    }
}
