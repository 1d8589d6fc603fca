package io.github.qwen3retrieval.rescore;

import java.util.Arrays;
import java.util.List;
import org.elasticsearch.common.document.DocumentField;
import org.elasticsearch.search.SearchHit;
import org.elasticsearch.search.SearchHits;
import org.elasticsearch.search.rank.RankShardResult;
import org.elasticsearch.search.rank.context.RankFeaturePhaseRankShardContext;
import org.elasticsearch.search.rank.feature.RankFeatureDoc;
import org.elasticsearch.search.rank.feature.RankFeatureShardResult;

/** Sends the texts that {@link TextFetchPhase} read to the coordinating node. */
final class TextsOfShard extends RankFeaturePhaseRankShardContext {

    /**
     * A field that is asked for in place of the real ones, to be filled by {@link TextFetchPhase}.
     */
    static final String TEXT = "_qwen3_reranker_text";

    TextsOfShard() {
        super(TEXT);
    }

    @Override
    public RankShardResult buildRankFeatureShardResult(SearchHits hits, int shardId) {
        return new RankFeatureShardResult(
                Arrays.stream(hits.getHits())
                        .map(hit -> doc(hit, shardId))
                        .toArray(RankFeatureDoc[]::new));
    }

    private static RankFeatureDoc doc(SearchHit hit, int shardId) {
        RankFeatureDoc doc = new RankFeatureDoc(hit.docId(), hit.getScore(), shardId);
        DocumentField text = hit.field(TEXT);
        // a document without a feature would be dropped from the hits, so no text is an empty one
        doc.featureData(List.of(text == null ? "" : text.getValue().toString()));
        return doc;
    }
}
