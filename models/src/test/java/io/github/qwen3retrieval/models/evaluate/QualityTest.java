package io.github.qwen3retrieval.models.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QualityTest {

    /** trec_eval prints four decimals. */
    private static final double PRINTED = 0.5e-4 + 1e-9;

    /** What {@code src/test/python/trec_eval.py} wrote. */
    private record Golden(List<Case> cases, Means mean) {}

    private record Case(
            String id,
            Map<String, Integer> judged,
            List<List<Object>> hits,
            double ndcg10,
            double mrr10,
            double recall100) {

        Quality quality() {
            List<Hit> all =
                    hits.stream()
                            .map(pair -> new Hit((String) pair.get(0), (Double) pair.get(1)))
                            .toList();
            return Quality.of(Ranking.of(all), judged);
        }
    }

    private record Means(double ndcg10, double mrr10, double recall100) {}

    @Test
    void figuresAreThoseOfTrecEval() throws IOException {
        Golden golden = golden();
        assertEquals(60, golden.cases().size());
        List<Quality> all = new ArrayList<>();
        for (Case each : golden.cases()) {
            Quality got = each.quality();
            assertEquals(each.ndcg10(), got.ndcg10(), PRINTED, each.id());
            assertEquals(each.mrr10(), got.mrr10(), PRINTED, each.id());
            assertEquals(each.recall100(), got.recall100(), PRINTED, each.id());
            all.add(got);
        }
        Quality mean = Quality.mean(all);
        assertEquals(golden.mean().ndcg10(), mean.ndcg10(), PRINTED);
        assertEquals(golden.mean().mrr10(), mean.mrr10(), PRINTED);
        assertEquals(golden.mean().recall100(), mean.recall100(), PRINTED);
    }

    /**
     * The gain is the grade, not 2 to its power: 1/log2(2) + 2/log2(4), of 2/log2(2) + 1/log2(3).
     */
    @Test
    void nDcgByHand() {
        List<Hit> hits = List.of(new Hit("a", 3), new Hit("b", 2), new Hit("c", 1));
        Quality quality = Quality.of(Ranking.of(hits), Map.of("a", 1, "c", 2));
        assertEquals((1 + 2 / 2.0) / (2 + 1 / 1.584962500721156), quality.ndcg10(), 1e-12);
        assertEquals(1, quality.mrr10());
        assertEquals(1, quality.recall100());
    }

    @Test
    void whatIsBeyondTheTenthPlaceCountsForRecallAlone() {
        List<Hit> hits = new ArrayList<>();
        for (int i = 1; i <= 11; i++) {
            hits.add(new Hit("d" + i, -i));
        }
        Quality quality = Quality.of(Ranking.of(hits), Map.of("d11", 1, "missing", 1));
        assertEquals(new Quality(0, 0, 0.5), quality);
    }

    /** Whatever order a search returns them in. */
    @Test
    void tiesAreOrderedByDescendingId() {
        List<Hit> hits = List.of(new Hit("a", 0.5), new Hit("c", 0.5), new Hit("b", 0.5));
        assertEquals(List.of("c", "b", "a"), Ranking.of(hits).ids());
        assertEquals(List.of("c", "b", "a"), Ranking.of(List.copyOf(hits).reversed()).ids());
    }

    @Test
    void anEmptyAnswerIsWorthNothing() {
        assertEquals(new Quality(0, 0, 0), Quality.of(Ranking.of(List.of()), Map.of("a", 1)));
        assertEquals(new Quality(0, 0, 0), Quality.mean(List.of()));
    }

    /** 1/61 + 1/62 for the one that both lists have, then 1/61, then 1/62. */
    @Test
    void fusionAddsReciprocalRanks() {
        List<Hit> words = List.of(new Hit("a", 17), new Hit("b", 3));
        List<Hit> vectors = List.of(new Hit("c", 0.9), new Hit("a", 0.8));
        List<Hit> fused = Fusion.of(List.of(words, vectors), 10);
        assertEquals(List.of("a", "c", "b"), fused.stream().map(Hit::id).toList());
        assertEquals(1 / 61.0 + 1 / 62.0, fused.get(0).score(), 1e-15);
        assertEquals(
                List.of("a"), Fusion.of(List.of(words, vectors), 1).stream().map(Hit::id).toList());
    }

    /** 1/60 of ranks near 100 still differ as floats, in which hits are compared. */
    @Test
    void fusedScoresOfNeighboursDiffer() {
        List<Hit> words = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            words.add(new Hit("d" + (1000 + i), 1000 - i));
        }
        List<String> ids = words.stream().map(Hit::id).toList();
        assertEquals(ids, Ranking.of(Fusion.of(List.of(words), 1000)).ids());
    }

    @Test
    void aCutVectorHasLengthOne() {
        float[] cut = VectorCut.of(new float[] {3, 4, 12}, 2);
        assertEquals(2, cut.length);
        assertEquals(0.6, cut[0], 1e-7);
        assertEquals(0.8, cut[1], 1e-7);
        assertTrue(VectorCut.of(new float[] {0, 2}, 2)[1] == 1);
    }

    private static Golden golden() throws IOException {
        try (Reader in =
                new InputStreamReader(
                        QualityTest.class.getResourceAsStream("trec-eval.json"),
                        StandardCharsets.UTF_8)) {
            return new Gson().fromJson(in, Golden.class);
        }
    }
}
