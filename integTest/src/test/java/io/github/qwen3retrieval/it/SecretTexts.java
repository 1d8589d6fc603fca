package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.util.List;

/**
 * Documents whose texts not every user may read, and searches for them. Every text, query and
 * instruction holds {@link #MARK}, which may stand in no log line.
 */
final class SecretTexts {

    /** In every text of a user. */
    static final String MARK = "zyxmarkxyz";

    /** Documents in each index. */
    static final int DOCUMENTS = 6;

    /** With the texts in their source. */
    static final String SOURCE = "secrets";

    /** With the texts outside of the source, in a stored field. */
    static final String STORED = "secrets-stored";

    private SecretTexts() {}

    /** Makes both indices. */
    static void index(NodeClient client) throws IOException {
        client.put(
                        "_ingest/pipeline/embed",
                        """
                        { "processors": [ { "qwen3_embedding": {
                            "field": "body", "target_field": "vector" } } ] }
                        """)
                .ok();
        create(client, SOURCE, "");
        create(client, STORED, "\"_source\": { \"excludes\": [ \"body\" ] },");
    }

    private static void create(NodeClient client, String index, String source) throws IOException {
        client.put(
                        index,
                        Template.fill(
                                """
                        { "settings": { "number_of_shards": 2, "number_of_replicas": 0,
                                        "default_pipeline": "embed" },
                          "mappings": { %s "properties": {
                              "title": { "type": "text" },
                              "body": { "type": "text", "store": true },
                              "number": { "type": "integer" },
                              "vector": { "type": "dense_vector", "dims": %d } } } }
                        """,
                                source, TestModels.DIMENSIONS))
                .ok();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < DOCUMENTS; i++) {
            lines.append(
                    Template.fill(
                            """
                            {"index":{"_id":"%d"}}
                            {"title":"%s title %d","body":"%s ice body %d","number":%d}
                            """,
                            i, MARK, i, MARK, i, i));
        }
        var answer = client.post(index + "/_bulk?refresh=true", lines.toString()).ok().body();
        if (answer.get("errors").asBoolean()) {
            throw new AssertionError(answer.toString());
        }
    }

    /** What embeds the text of a search. */
    static final String BUILDER =
            "\"query_vector_builder\": { \"qwen3_embedding\": { \"model_text\": \"ice "
                    + MARK
                    + "\", \"instruction\": \"find "
                    + MARK
                    + "\" } }";

    private static final String KNN =
            "\"knn\": { \"field\": \"vector\", \"k\": 6, \"num_candidates\": 6, " + BUILDER + " }";

    /** Parameters of a reranking by one or several fields. */
    static String reranker(String fields) {
        return "\"field\": "
                + fields
                + ", \"query_text\": \"ice "
                + MARK
                + "\", \"instruction\": \"judge "
                + MARK
                + "\"";
    }

    /** Top-level rescore of all documents by these fields. */
    static String rescore(String fields) {
        return "{ \"size\": 6, \"rescore\": { \"window_size\": 6, \"qwen3_reranker\": { "
                + reranker(fields)
                + " } } }";
    }

    /** The reranker's retriever over all documents by these fields. */
    static String retriever(String fields) {
        return "{ \"size\": 6, \"retriever\": { \"qwen3_reranker\": { "
                + reranker(fields)
                + ", \"rank_window_size\": 6, \"retriever\": { \"standard\": {} } } } }";
    }

    /** A search with an explanation of each hit. */
    static String explained(String search) {
        return search.replaceFirst("\\{", "{ \"explain\": true,");
    }

    /**
     * A use of one of our features.
     *
     * @param name in the table
     */
    record Use(String name, String body) {}

    /** Every way to search with the plugin. */
    static List<Use> searches() {
        String body = "\"body\"";
        return List.of(
                new Use("top-level knn", "{ \"size\": 6, " + KNN + " }"),
                new Use("knn query", "{ \"size\": 6, \"query\": { " + KNN + " } }"),
                new Use("knn retriever", "{ \"size\": 6, \"retriever\": { " + KNN + " } }"),
                new Use("rescore", rescore(body)),
                new Use("rescore, explained", explained(rescore(body))),
                new Use(
                        "rescorer retriever",
                        "{ \"size\": 6, \"retriever\": { \"rescorer\": { \"retriever\": { "
                                + KNN
                                + " }, \"rescore\": { \"window_size\": 6, \"qwen3_reranker\": { "
                                + reranker(body)
                                + " } } } } }"),
                new Use("qwen3_reranker retriever", retriever(body)),
                new Use("qwen3_reranker retriever, explained", explained(retriever(body))));
    }
}
