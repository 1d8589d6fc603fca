package io.github.qwen3retrieval.models;

/**
 * What the reranker said of one document: its logits of the answers "yes" and "no" to whether the
 * document meets the query.
 *
 * @param yes logit of {@code yes}, finite
 * @param no logit of {@code no}, finite
 * @param tokens tokens of the whole prompt
 * @param truncated whether the document's tail was cut to the maximum length
 */
public record RerankScore(float yes, float no, int tokens, boolean truncated) {

    /** Log-odds of {@code yes}: yes − no. */
    public float logit() {
        return yes - no;
    }

    /**
     * P(yes) in [0, 1]: the softmax over the two logits, which is the logistic of their difference.
     */
    public float probability() {
        return (float) (1.0 / (1.0 + Math.exp((double) no - yes)));
    }
}
