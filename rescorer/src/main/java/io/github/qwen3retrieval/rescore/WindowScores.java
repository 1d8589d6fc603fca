package io.github.qwen3retrieval.rescore;

/**
 * Scores of the hits of a window, so that one order holds over all of them: reranked hits by
 * P(yes), then hits with a text that were not reranked, then hits without a text, the last two each
 * in first-stage order.
 *
 * <p>Elasticsearch merges the hits of all shards by score alone, refuses negative scores and knows
 * only 32-bit floats. So each kind gets a band of its own on the float axis, the same on every
 * shard:
 *
 * <pre>
 * without text   (0, 2^-111)        first-stage score, compressed
 * kept           [2^-111, 2^-95)    first-stage score, compressed
 * reranked       [2^-95, 1]         P(yes), exact
 * </pre>
 *
 * <p>The bits of positive floats, read as an integer, are in the order of the floats. Shifting them
 * right by four bits therefore keeps the order of all first-stage scores from the smallest to
 * infinity while it shrinks their range sixteenfold; scores closer than one part in 2^19 become
 * equal. P(yes) below 2^-95, a difference of the logits beyond 65, does not occur; it is lifted to
 * that floor so that nothing can fall among the hits that were not reranked.
 */
final class WindowScores {

    private static final int SHIFT = 4;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY) >>> SHIFT;
    private static final int NO_TEXT_BAND = 1;
    private static final int KEPT_BAND = NO_TEXT_BAND + INFINITY + 1;

    /** Lowest score of a reranked hit. */
    static final float RERANKED_FLOOR = Math.scalb(1f, -95);

    private WindowScores() {}

    /** Score of a hit that the model gave P(yes) {@code probability}: just that. */
    static float reranked(float probability) {
        return Math.max(probability, RERANKED_FLOOR);
    }

    /** Score of a hit that has a text but was not reranked. */
    static float kept(float firstStageScore) {
        return Float.intBitsToFloat(KEPT_BAND + compressed(firstStageScore));
    }

    /** Score of a hit that has no text to rerank. */
    static float withoutText(float firstStageScore) {
        return Float.intBitsToFloat(NO_TEXT_BAND + compressed(firstStageScore));
    }

    /** Whether a score says that the hit was reranked. */
    static boolean isReranked(float score) {
        return score >= RERANKED_FLOOR;
    }

    /** Whether a score says that the hit has a text but was not reranked. */
    static boolean isKept(float score) {
        return score >= Float.intBitsToFloat(KEPT_BAND) && score < RERANKED_FLOOR;
    }

    /** Scores that say nothing (none, NaN) and negative ones count as zero. */
    private static int compressed(float score) {
        return score > 0 ? Float.floatToRawIntBits(score) >>> SHIFT : 0;
    }
}
