package io.github.qwen3retrieval.models.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reciprocal rank fusion: a document's score is the sum over the lists of 1 / (60 + its rank), with
 * the constant of Cormack, Clarke and Büttcher 2009, which is Elasticsearch's default, too.
 */
final class Fusion {

    private static final int CONSTANT = 60;

    private Fusion() {}

    /**
     * One list of several.
     *
     * @param lists each ranked by {@link Ranking}
     * @param size hits to keep
     */
    static List<Hit> of(List<List<Hit>> lists, int size) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (List<Hit> list : lists) {
            List<String> ids = Ranking.of(list).ids();
            for (int i = 0; i < ids.size(); i++) {
                scores.merge(ids.get(i), 1.0 / (CONSTANT + i + 1), Double::sum);
            }
        }
        List<Hit> fused = new ArrayList<>();
        for (String id :
                Ranking.of(scores.keySet().stream().map(i -> new Hit(i, scores.get(i))).toList())
                        .ids()) {
            fused.add(new Hit(id, scores.get(id)));
        }
        return List.copyOf(fused.subList(0, Math.min(size, fused.size())));
    }
}
