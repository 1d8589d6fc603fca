package io.github.qwen3retrieval.rescore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.ExceptionsHelper;
import org.elasticsearch.rest.RestStatus;

/** An index of colour words, and searches of it that are rescored. */
public abstract class ColoursTestCase extends RerankSearchTestCase {

    static final String QUERY = "red green blue";
    static final String[] COLOURS = {"red", "green", "blue", "grey", "black", "white"};

    /** Texts by id: words of which the first stage counts "common" and the reranker colours. */
    final Map<String, String> texts = new HashMap<>();

    /** Thirty documents whose first-stage order has nothing to do with the reranker's. */
    void colours(String index, int shards) {
        index(index, shards, "{\"properties\":{\"body\":{\"type\":\"text\"}}}");
        for (int i = 0; i < 30; i++) {
            StringBuilder text = new StringBuilder("common");
            for (int c = 0; c < COLOURS.length; c++) {
                if (i % (c + 2) == 0) {
                    text.append(' ').append(COLOURS[c]);
                }
            }
            text.append(" x".repeat(i));
            String id = String.format(Locale.ROOT, "%02d", i);
            texts.put(id, text.toString());
            put(index, id, "{\"body\":\"" + text + "\"}");
        }
        refresh(index);
    }

    static String rescored(int window, String more) {
        return "{'query':{'match':{'body':'common'}},'rescore':"
                + rescore(window, "'field':'body'" + more)
                + ",'size':30}";
    }

    static String rescore(int window, String params) {
        return "{'window_size':"
                + window
                + ",'qwen3_reranker':{'query_text':'"
                + QUERY
                + "',"
                + params
                + "}}";
    }

    List<String> expectedOrder() {
        List<String> ids = new ArrayList<>(texts.keySet());
        ids.sort(
                Comparator.comparing(
                                (String id) ->
                                        -WordOverlapReranker.probability(QUERY, texts.get(id)))
                        .thenComparing(Comparator.naturalOrder()));
        return ids;
    }

    static boolean reranked(Hit hit) {
        return WindowScores.isReranked(hit.score());
    }

    ElasticsearchException assertStatus(
            RestStatus status, org.junit.function.ThrowingRunnable search) {
        Exception e = expectThrows(Exception.class, search::run);
        assertEquals(e.toString(), status, ExceptionsHelper.status(e));
        return e instanceof ElasticsearchException failure
                ? failure
                : new ElasticsearchException(e);
    }
}
