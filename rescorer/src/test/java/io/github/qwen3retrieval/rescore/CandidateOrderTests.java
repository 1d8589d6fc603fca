package io.github.qwen3retrieval.rescore;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.search.rank.RankDoc;
import org.elasticsearch.test.ESTestCase;

/** How the candidates of several retrievers become one list. */
public class CandidateOrderTests extends ESTestCase {

    private static ScoreDoc[] list(int... docs) {
        return Arrays.stream(docs).mapToObj(d -> new ScoreDoc(d, 1f, 0)).toArray(ScoreDoc[]::new);
    }

    private static List<Integer> docs(RankDoc[] docs) {
        return Arrays.stream(docs).map(d -> d.doc).toList();
    }

    public void testListsTakeTurns() {
        var union = CandidateOrder.interleave(List.of(list(1, 2, 3), list(4, 5, 6)), 5);
        assertEquals(List.of(1, 4, 2, 5, 3), docs(union));
    }

    public void testWhatSeveralListsHaveComesFirstAmongEqualRanks() {
        var union = CandidateOrder.interleave(List.of(list(1, 2, 3), list(4, 1), list(4)), 10);
        assertEquals(List.of(4, 1, 2, 3), docs(union));
    }

    public void testTheSameDocumentNumberOnTwoShardsIsTwoDocuments() {
        ScoreDoc here = new ScoreDoc(1, 1f, 0);
        ScoreDoc there = new ScoreDoc(1, 1f, 1);
        var union =
                CandidateOrder.interleave(
                        List.of(new ScoreDoc[] {here}, new ScoreDoc[] {there}), 10);
        assertEquals(2, union.length);
        CandidateOrder order = CandidateOrder.of(union);
        assertEquals(1, order.rank(here));
        assertEquals(2, order.rank(there));
        assertEquals(3, order.rank(new ScoreDoc(9, 1f, 9)));
    }

    public void testTheUnionIsCompleteWithoutRepetitionAndRanked() {
        int[] a = randomDocs();
        int[] b = randomDocs();
        RankDoc[] union = CandidateOrder.interleave(List.of(list(a), list(b)), 1000);
        Set<Integer> all = new HashSet<>();
        Arrays.stream(a).forEach(all::add);
        Arrays.stream(b).forEach(all::add);
        assertEquals(all, new HashSet<>(docs(union)));
        assertEquals(all.size(), union.length);
        for (int i = 0; i < union.length; i++) {
            assertEquals(i + 1, union[i].rank);
            assertTrue(i == 0 || union[i].score < union[i - 1].score);
        }
    }

    private static int[] randomDocs() {
        return random().ints(between(0, 50), 0, 60).distinct().toArray();
    }
}
