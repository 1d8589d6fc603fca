package io.github.qwen3retrieval.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The figures of a row, means over the queries that were answered.
 *
 * @param row its name
 * @param series what its rows of other windows share
 * @param window candidates that were reranked, 0 where none were
 * @param queries that were answered
 * @param failed queries that were not
 * @param ndcg10 nDCG@10
 * @param mrr10 MRR@10
 * @param recall100 Recall@100, of the hits that the search returned: no more than the window
 * @param medianMillis median time of a search
 * @param p95Millis time within which 95 % of the searches were answered, by nearest rank
 * @param cached vectors and scores that came out of a cache, and took no time
 */
public record RowFigures(
        String row,
        String series,
        int window,
        int queries,
        int failed,
        double ndcg10,
        double mrr10,
        double recall100,
        double medianMillis,
        double p95Millis,
        long cached) {

    static RowFigures of(
            Row row, LabelledQueries labelled, Map<String, Searcher.Answer> answers, long cached) {
        List<Quality> qualities = new ArrayList<>();
        List<Double> times = new ArrayList<>();
        for (Query query : labelled.queries()) {
            Searcher.Answer answer = answers.get(query.id());
            if (answer != null) {
                Ranking ranking = Ranking.of(answer.hits());
                qualities.add(Quality.of(ranking, labelled.grades().get(query.id())));
                times.add(answer.millis());
            }
        }
        Quality mean = Quality.mean(qualities);
        times.sort(null);
        return new RowFigures(
                row.label(),
                row.series(),
                row.window(),
                times.size(),
                labelled.queries().size() - times.size(),
                mean.ndcg10(),
                mean.mrr10(),
                mean.recall100(),
                median(times),
                times.isEmpty() ? 0 : times.get((int) Math.ceil(0.95 * times.size()) - 1),
                cached);
    }

    private static double median(List<Double> sorted) {
        int size = sorted.size();
        return size == 0 ? 0 : (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }
}
