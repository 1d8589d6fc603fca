package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.elasticsearch.search.rescore.RescoreContext;
import org.elasticsearch.search.rescore.Rescorer;

/**
 * Gives the hits of a shard's window the scores of a {@link
 * io.github.qwen3retrieval.models.Reranker}.
 *
 * <p>No hit is lost and none is changed in place: what was not reranked follows what was, see
 * {@link WindowScores}. Hits beyond the window are treated like hits that time did not suffice for.
 * There are none in a search whose window is at least from + size; the top_hits aggregation, which
 * runs the search's rescorers too, may hand in more.
 */
final class RerankRescorer implements Rescorer {

    static final RerankRescorer INSTANCE = new RerankRescorer();

    /**
     * In the set of rescored documents, says that rescoring took place though no document got a
     * score of the model: an empty set would not reach {@link #explain}. No document has it.
     */
    private static final int TOOK_PLACE = Integer.MAX_VALUE;

    private RerankRescorer() {}

    @Override
    public TopDocs rescore(TopDocs topDocs, IndexSearcher searcher, RescoreContext rescoreContext)
            throws IOException {
        if (topDocs == null || topDocs.scoreDocs.length == 0) {
            return topDocs;
        }
        RerankContext context = (RerankContext) rescoreContext;
        ScoreDoc[] hits = topDocs.scoreDocs;
        ScoreDoc[] window = Arrays.copyOf(hits, Math.min(hits.length, context.getWindowSize()));
        ScoredWindow scored = ScoredWindow.score(window, searcher, context);
        Set<Integer> reranked = new HashSet<>(Set.of(TOOK_PLACE));
        ScoreDoc[] rescored = new ScoreDoc[hits.length];
        for (int i = 0; i < hits.length; i++) {
            RerankScore score = i < window.length ? scored.scores()[i] : null;
            boolean text = i >= window.length || scored.texts()[i] != null;
            rescored[i] =
                    new ScoreDoc(
                            hits[i].doc, score(score, text, hits[i].score), hits[i].shardIndex);
            if (score != null) {
                reranked.add(hits[i].doc);
            }
        }
        context.setRescoredDocs(reranked);
        // stable: equal scores stay in first-stage order
        Arrays.sort(rescored, (a, b) -> Float.compare(b.score, a.score));
        return new TopDocs(topDocs.totalHits, rescored);
    }

    private static float score(RerankScore score, boolean hasText, float firstStageScore) {
        if (score != null) {
            return WindowScores.reranked(score.probability());
        }
        return hasText
                ? WindowScores.kept(firstStageScore)
                : WindowScores.withoutText(firstStageScore);
    }

    @Override
    public Explanation explain(
            int doc, IndexSearcher searcher, RescoreContext context, Explanation firstStage)
            throws IOException {
        if (firstStage == null || firstStage.isMatch() == false) {
            return firstStage == null ? Explanation.noMatch("nothing matched") : firstStage;
        }
        if (context.getRescoredDocs() == null) {
            // the search timed out before: the hit still has its first-stage score
            return firstStage;
        }
        return RerankExplanation.explain(doc, searcher, (RerankContext) context, firstStage);
    }
}
