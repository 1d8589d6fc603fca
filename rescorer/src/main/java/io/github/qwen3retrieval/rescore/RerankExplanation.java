package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;

/** Why a hit has its score. A reranked hit is scored once more to tell. */
final class RerankExplanation {

    private RerankExplanation() {}

    /**
     * The explanation of one hit of a shard.
     *
     * @param firstStage that of the score which the hit came in with
     */
    static Explanation explain(
            int doc, IndexSearcher searcher, RerankContext context, Explanation firstStage)
            throws IOException {
        float before = firstStage.getValue().floatValue();
        if (context.isRescored(doc)) {
            ScoreDoc hit = new ScoreDoc(doc, before);
            ScoredWindow window = ScoredWindow.score(new ScoreDoc[] {hit}, searcher, context);
            RerankScore score = window.scores()[0];
            return score == null
                    ? Explanation.match(
                            WindowScores.kept(before),
                            "was reranked, but could not be scored again to explain it",
                            firstStage)
                    : reranked(score, window.response(), firstStage);
        }
        String[] text =
                context.texts()
                        .read(
                                searcher.getIndexReader().leaves(),
                                new int[] {doc},
                                context::checkCancellation);
        return text[0] == null
                ? Explanation.match(
                        WindowScores.withoutText(before),
                        "has no text in "
                                + context.params().fields()
                                + ": last, in first-stage order",
                        firstStage)
                : Explanation.match(
                        WindowScores.kept(before),
                        "was not reranked: below every reranked hit, in first-stage order",
                        firstStage);
    }

    private static Explanation reranked(
            RerankScore score, RerankResponse response, Explanation firstStage) {
        return Explanation.match(
                WindowScores.reranked(score.probability()),
                "P(yes) by model ["
                        + response.modelId()
                        + "] with instruction ["
                        + response.instruction()
                        + "], the softmax of",
                Explanation.match(score.yes(), "logit of yes"),
                Explanation.match(score.no(), "logit of no"),
                Explanation.match(
                        score.tokens(),
                        "tokens of the prompt, truncated [" + score.truncated() + "]"),
                Explanation.match(
                        firstStage.getValue(), "first-stage score, not part of it", firstStage));
    }
}
