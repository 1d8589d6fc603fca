package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankScore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.action.support.ContextPreservingActionListener;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.search.rank.context.RankFeaturePhaseRankCoordinatorContext;
import org.elasticsearch.search.rank.feature.RankFeatureDoc;
import org.elasticsearch.threadpool.ThreadPool;

/**
 * Has the candidates of all shards scored, on the coordinating node. Nothing waits: the search goes
 * on when the reranker completes, or when time is up.
 */
final class GlobalRerank extends RankFeaturePhaseRankCoordinatorContext {

    private final RerankParams params;
    private final CandidateOrder order;
    private final RerankServices services;
    private final ThreadPool threads;

    GlobalRerank(
            int size,
            int from,
            RerankRankBuilder rank,
            RerankServices services,
            ThreadPool threads) {
        super(size, from, rank.rankWindowSize(), false);
        this.params = rank.params();
        this.order = rank.order();
        this.services = services;
        this.threads = threads;
    }

    @Override
    protected void computeScores(RankFeatureDoc[] docs, ActionListener<float[]> listener) {
        // in first-stage order, so that what is left when time runs out is the tail
        RankFeatureDoc[] inOrder = docs.clone();
        Arrays.sort(inOrder, Comparator.comparingInt(order::rank));
        List<String> texts =
                Arrays.stream(inOrder).filter(GlobalRerank::hasText).map(this::text).toList();
        if (texts.isEmpty()) {
            if (docs.length > 0) {
                RerankWarnings.noTexts(docs.length, params.fields());
            }
            listener.onResponse(scores(docs, inOrder, List.of()));
            return;
        }
        var inOwnContext =
                ContextPreservingActionListener.wrapPreservingContext(
                        listener, threads.getThreadContext());
        ActionListener.run(
                inOwnContext,
                l ->
                        rerank(texts)
                                .whenComplete(
                                        (outcome, never) ->
                                                ActionListener.completeWith(
                                                        l, () -> settled(outcome, docs, inOrder))));
    }

    private float[] settled(
            RerankOutcome outcome, RankFeatureDoc[] docs, RankFeatureDoc[] inOrder) {
        outcome.settle(params, services.listener());
        return scores(docs, inOrder, outcome.scores());
    }

    private CompletableFuture<RerankOutcome> rerank(List<String> texts) {
        PendingRerank pending =
                PendingRerank.start(services.reranker().get(), params, texts, System.nanoTime());
        CompletableFuture<RerankOutcome> outcome =
                pending.future()
                        .handle(
                                (response, failure) ->
                                        failure == null
                                                ? RerankOutcome.of(response, texts.size())
                                                : RerankOutcome.failed(
                                                        RerankFailures.unwrap(failure),
                                                        texts.size()));
        if (pending.giveUpNanos() == null) {
            return outcome;
        }
        CompletableFuture<RerankOutcome> first = outcome.copy();
        long left = Math.max(1, pending.giveUpNanos() - System.nanoTime());
        var alarm =
                threads.schedule(
                        () -> {
                            if (first.complete(RerankOutcome.timedOut(texts.size()))) {
                                pending.future().cancel(true);
                            }
                        },
                        TimeValue.timeValueNanos(left),
                        threads.generic());
        outcome.whenComplete((done, never) -> alarm.cancel());
        return first;
    }

    private static boolean hasText(RankFeatureDoc doc) {
        return doc.featureData.get(0).isEmpty() == false;
    }

    private String text(RankFeatureDoc doc) {
        return doc.featureData.get(0);
    }

    /** One score per document of {@code docs}. */
    private float[] scores(
            RankFeatureDoc[] docs, RankFeatureDoc[] inOrder, List<RerankScore> ofTexts) {
        int next = 0;
        for (RankFeatureDoc doc : inOrder) {
            float first = order.firstStageScore(doc);
            if (hasText(doc) == false) {
                doc.score = WindowScores.withoutText(first);
                continue;
            }
            RerankScore score = ofTexts.get(next++);
            doc.score =
                    score == null
                            ? WindowScores.kept(first)
                            : WindowScores.reranked(score.probability());
        }
        float[] scores = new float[docs.length];
        for (int i = 0; i < docs.length; i++) {
            scores[i] = docs[i].score;
        }
        return scores;
    }

    /** Equal scores stay in first-stage order. */
    @Override
    protected RankFeatureDoc[] preprocess(RankFeatureDoc[] docs, boolean reranked) {
        Arrays.sort(
                docs,
                Comparator.comparing((RankFeatureDoc doc) -> doc.score)
                        .reversed()
                        .thenComparing(Comparator.comparingInt(order::rank)));
        return docs;
    }
}
