package io.github.qwen3retrieval.it;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The text of a query, searched as a vector in the three places where knn stands. */
@ExtendWith(SharedNode.class)
class KnnIT {

    private static final String KNN =
            Template.fill(
                    """
            { "field": "vector", "k": 6, "num_candidates": 12, "query_vector_builder": {
                "qwen3_embedding": { "model_text": "%s", "instruction": "Find it" } } }
            """,
                    Articles.QUERY);

    private final NodeClient client;
    private final CommandLine qwen3;

    KnnIT(RealNode node) {
        client = node.client();
        qwen3 = new CommandLine(node.installation());
    }

    @BeforeAll
    static void index(RealNode node) throws Exception {
        Articles.index(
                node.client(),
                "knn",
                1,
                ", \"similarity\": \"cosine\", \"index_options\": { \"type\": \"flat\" }");
    }

    @Test
    void theThreeWaysGiveTheExactNeighbours() throws Exception {
        Hits expected = neighbours(6);
        search("{ \"knn\": " + KNN + " }").assertSame(expected, 1e-5);
        search("{ \"size\": 6, \"query\": { \"knn\": " + KNN + " } }").assertSame(expected, 1e-5);
        search("{ \"retriever\": { \"knn\": " + KNN + " } }").assertSame(expected, 1e-5);
    }

    /** Cosine to the command line's vectors, in Elasticsearch's scale of scores. */
    private Hits neighbours(int size) throws Exception {
        float[] query =
                qwen3.embed(List.of(Articles.QUERY), "--query", "--instruction", "Find it").get(0);
        List<float[]> documents = qwen3.embed(Articles.TEXTS);
        List<Hits.Hit> hits = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            double cosine = 0;
            for (int j = 0; j < query.length; j++) {
                cosine += query[j] * documents.get(i)[j];
            }
            hits.add(new Hits.Hit(Integer.toString(i), (1 + cosine) / 2));
        }
        hits.sort(Comparator.comparingDouble(Hits.Hit::score).reversed());
        return new Hits(hits.subList(0, size));
    }

    private Hits search(String body) throws Exception {
        return Hits.of(client.post("knn/_search", body));
    }
}
