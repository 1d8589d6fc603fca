package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;

/**
 * A window of hits with their texts and the model's scores.
 *
 * @param texts one per hit; null where it has none
 * @param scores one per hit; null where it has no text or was not scored
 * @param response the model's response, or null if it was not asked or did not answer
 */
record ScoredWindow(String[] texts, RerankScore[] scores, RerankResponse response) {

    /**
     * Reads the texts of hits and has them scored, waiting for it.
     *
     * @param hits in first-stage order, so that what is left when time runs out is the tail
     * @throws RuntimeException if the request is wrong; or, where the request asks for it, if
     *     scores are missing; or if the search was cancelled or timed out meanwhile
     */
    static ScoredWindow score(ScoreDoc[] hits, IndexSearcher searcher, RerankContext context)
            throws IOException {
        long start = System.nanoTime();
        Runnable checks = RerankWait.checks(context, searcher);
        int[] docs = Arrays.stream(hits).mapToInt(hit -> hit.doc).toArray();
        String[] texts = context.texts().read(searcher.getIndexReader().leaves(), docs, checks);
        List<String> documents = Arrays.stream(texts).filter(Objects::nonNull).toList();
        RerankScore[] scores = new RerankScore[hits.length];
        if (documents.isEmpty()) {
            RerankWarnings.noTexts(hits.length, context.params().fields());
            return new ScoredWindow(texts, scores, null);
        }
        RerankOutcome outcome = rerank(context, documents, start, checks);
        int next = 0;
        for (int i = 0; i < texts.length; i++) {
            scores[i] = texts[i] == null ? null : outcome.scores().get(next++);
        }
        return new ScoredWindow(texts, scores, outcome.response());
    }

    private static RerankOutcome rerank(
            RerankContext context, List<String> documents, long start, Runnable checks) {
        long characters = documents.stream().mapToLong(String::length).sum();
        RerankServices services = context.services();
        context.charge(characters);
        try {
            PendingRerank pending =
                    PendingRerank.start(
                            services.reranker().get(), context.params(), documents, start);
            return RerankWait.await(pending, checks).settle(context.params(), services.listener());
        } finally {
            context.discharge(characters);
        }
    }
}
