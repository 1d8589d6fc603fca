package io.github.qwen3retrieval.models.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The documents of an answer, best first: by descending score, and among equal scores by descending
 * id, byte by byte. That is trec_eval's order, which makes figures independent of the order in
 * which a search happens to return ties.
 *
 * @param ids of the documents
 */
record Ranking(List<String> ids) {

    private static final Comparator<Hit> ORDER =
            Comparator.comparing((Hit hit) -> (float) hit.score())
                    .thenComparing(hit -> bytes(hit.id()), Arrays::compareUnsigned)
                    .reversed();

    /** Ranks hits that come in any order. */
    static Ranking of(List<Hit> hits) {
        return new Ranking(hits.stream().sorted(ORDER).map(Hit::id).toList());
    }

    private static byte[] bytes(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }
}
