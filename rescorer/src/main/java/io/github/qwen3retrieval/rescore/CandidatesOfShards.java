package io.github.qwen3retrieval.rescore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.action.search.SearchPhaseController.TopDocsStats;
import org.elasticsearch.search.query.QuerySearchResult;
import org.elasticsearch.search.rank.context.QueryPhaseRankCoordinatorContext;
import org.elasticsearch.search.rank.feature.RankFeatureDoc;
import org.elasticsearch.search.rank.feature.RankFeatureShardResult;

/**
 * Brings together the candidates that the shards found. Unlike Elasticsearch's own, it takes a
 * shard's number from the shard's result, which holds also where another shard failed and the
 * results' places in the list have moved.
 */
final class CandidatesOfShards extends QueryPhaseRankCoordinatorContext {

    CandidatesOfShards(int window) {
        super(window);
    }

    @Override
    public ScoreDoc[] rankQueryPhaseResults(List<QuerySearchResult> results, TopDocsStats stats) {
        List<RankFeatureDoc> candidates = new ArrayList<>();
        for (QuerySearchResult result : results) {
            if (result.getRankShardResult() instanceof RankFeatureShardResult shard) {
                for (RankFeatureDoc doc : shard.rankFeatureDocs) {
                    doc.shardIndex = result.getShardIndex();
                    candidates.add(doc);
                }
            }
        }
        candidates.sort(Comparator.comparing((RankFeatureDoc doc) -> doc.score).reversed());
        ScoreDoc[] window = candidates.stream().limit(rankWindowSize).toArray(ScoreDoc[]::new);
        stats.fetchHits = window.length;
        return window;
    }
}
