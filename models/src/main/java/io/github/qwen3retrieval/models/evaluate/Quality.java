package io.github.qwen3retrieval.models.evaluate;

import java.util.List;
import java.util.Map;

/**
 * How good a ranking is, as trec_eval computes it: {@code ndcg_cut_10}, {@code recip_rank} of the
 * first ten, {@code recall_100}. A document is relevant where its judgement is above 0.
 *
 * @param ndcg10 nDCG@10, between 0 and 1
 * @param mrr10 reciprocal of the rank of the first relevant document among ten, else 0
 * @param recall100 share of the relevant documents that are among the first hundred
 */
record Quality(double ndcg10, double mrr10, double recall100) {

    /**
     * Of one query.
     *
     * @param judged grade by document; what is not in it is not relevant. A query without a
     *     relevant document gives 0 throughout
     */
    static Quality of(Ranking ranking, Map<String, Integer> judged) {
        List<String> ids = ranking.ids();
        return new Quality(
                ndcg(ids, judged, 10), reciprocalRank(ids, judged, 10), recall(ids, judged, 100));
    }

    /** The mean over queries, 0 of none. */
    static Quality mean(List<Quality> all) {
        return new Quality(
                all.stream().mapToDouble(Quality::ndcg10).average().orElse(0),
                all.stream().mapToDouble(Quality::mrr10).average().orElse(0),
                all.stream().mapToDouble(Quality::recall100).average().orElse(0));
    }

    /**
     * DCG of the first k by that of the best possible k, with the grade itself as gain (not 2 to
     * its power) and log2(rank + 1) as discount: Järvelin and Kekäläinen 2002, as in trec_eval.
     */
    private static double ndcg(List<String> ids, Map<String, Integer> judged, int k) {
        List<Integer> gains = ids.stream().limit(k).map(id -> grade(judged, id)).toList();
        List<Integer> best =
                judged.values().stream()
                        .filter(grade -> grade > 0)
                        .sorted((a, b) -> b - a)
                        .limit(k)
                        .toList();
        return best.isEmpty() ? 0 : dcg(gains) / dcg(best);
    }

    private static double dcg(List<Integer> gains) {
        double sum = 0;
        for (int i = 0; i < gains.size(); i++) {
            sum += gains.get(i) * Math.log(2) / Math.log(i + 2);
        }
        return sum;
    }

    private static double reciprocalRank(List<String> ids, Map<String, Integer> judged, int k) {
        for (int i = 0; i < Math.min(k, ids.size()); i++) {
            if (grade(judged, ids.get(i)) > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    private static double recall(List<String> ids, Map<String, Integer> judged, int k) {
        long relevant = judged.values().stream().filter(grade -> grade > 0).count();
        long found = ids.stream().limit(k).filter(id -> grade(judged, id) > 0).count();
        return relevant == 0 ? 0 : (double) found / relevant;
    }

    private static int grade(Map<String, Integer> judged, String id) {
        return Math.max(0, judged.getOrDefault(id, 0));
    }
}
