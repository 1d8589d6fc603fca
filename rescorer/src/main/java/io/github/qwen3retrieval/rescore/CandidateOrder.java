package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.search.ScoreDoc;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.search.rank.RankDoc;
import org.elasticsearch.search.rank.RankDoc.RankKey;

/**
 * The first-stage order of the candidates of a global window. Travels with the search that reads
 * their texts, since a document arrives from its shard without score and rank.
 *
 * @param ranks from 1 for the best, by document and shard
 */
record CandidateOrder(Map<RankKey, Integer> ranks) implements Writeable {

    /** Copies the ranks. */
    CandidateOrder {
        ranks = Map.copyOf(ranks);
    }

    /** Reads what {@link #writeTo} wrote. */
    CandidateOrder(StreamInput in) throws IOException {
        this(in.readMap(i -> new RankKey(i.readVInt(), i.readVInt()), StreamInput::readVInt));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeMap(
                ranks,
                (o, key) -> {
                    o.writeVInt(key.doc());
                    o.writeVInt(key.shardIndex());
                },
                StreamOutput::writeVInt);
    }

    /** The order given by the documents' own ranks. */
    static CandidateOrder of(RankDoc[] docs) {
        Map<RankKey, Integer> ranks = new HashMap<>();
        for (RankDoc doc : docs) {
            ranks.put(new RankKey(doc.doc, doc.shardIndex), doc.rank);
        }
        return new CandidateOrder(ranks);
    }

    /** The rank of a document; one that is not known comes after all others. */
    int rank(ScoreDoc doc) {
        return ranks.getOrDefault(new RankKey(doc.doc, doc.shardIndex), ranks.size() + 1);
    }

    /**
     * A score in the order of the ranks, for {@link WindowScores}: scores of several retrievers can
     * not be compared, their ranks can.
     */
    float firstStageScore(ScoreDoc doc) {
        return 1f / rank(doc);
    }

    /**
     * The union of ranked lists, best rank first: the first of every list, then the second of every
     * list, and so on. Among documents of the same best rank, those that more lists rank high come
     * first; then those of earlier lists.
     *
     * @param lists documents of each list, best first
     * @param limit how many to keep
     */
    static RankDoc[] interleave(List<ScoreDoc[]> lists, int limit) {
        Map<RankKey, Candidate> union = new LinkedHashMap<>();
        for (ScoreDoc[] list : lists) {
            for (int i = 0; i < list.length; i++) {
                Candidate found = new Candidate(i + 1, 1.0 / (i + 1));
                union.merge(new RankKey(list[i].doc, list[i].shardIndex), found, Candidate::with);
            }
        }
        List<Map.Entry<RankKey, Candidate>> sorted = new ArrayList<>(union.entrySet());
        sorted.sort(
                Map.Entry.comparingByValue(
                        Comparator.comparingInt(Candidate::best)
                                .thenComparing(Candidate::reciprocals, Comparator.reverseOrder())));
        RankDoc[] docs = new RankDoc[Math.min(limit, sorted.size())];
        for (int i = 0; i < docs.length; i++) {
            RankKey key = sorted.get(i).getKey();
            docs[i] = new RankDoc(key.doc(), 1f / (i + 1), key.shardIndex());
            docs[i].rank = i + 1;
        }
        return docs;
    }

    /** A document's best rank, and the sum of the reciprocals of its ranks. */
    private record Candidate(int best, double reciprocals) {
        Candidate with(Candidate other) {
            return new Candidate(Math.min(best, other.best), reciprocals + other.reciprocals);
        }
    }
}
