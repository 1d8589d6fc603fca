package io.github.qwen3retrieval.it;

import static io.github.qwen3retrieval.it.BadInput.rescorer;
import static io.github.qwen3retrieval.it.BadInput.retriever;
import static io.github.qwen3retrieval.it.BadInput.search;

import java.util.List;
import java.util.stream.Stream;

/** What can be wrong in the rescorer and in the retriever. */
final class BadReranking {

    private static final String FIELD = "\"field\": \"body\", ";
    private static final String GOOD = FIELD + "\"query_text\": \"ice\"";
    private static final String CHILD =
            "\"retriever\": {\"standard\": {\"query\": {\"match_all\": {}}}}";
    private static final String BROKEN = ", \"model_id\": \"weights-cut\"";
    private static final String RESCORER = "\"qwen3_reranker\": {" + GOOD + "}";

    private BadReranking() {}

    static List<BadInput> all() {
        return Stream.of(parameters(), models(), windows(), retrievers(), strange())
                .flatMap(List::stream)
                .toList();
    }

    private static List<BadInput> parameters() {
        return List.of(
                rescorer("no parameters", "", "[field]", "required"),
                rescorer("query_text missing", "\"field\": \"body\"", "[query_text]", "required"),
                rescorer(
                        "query_text blank",
                        FIELD + "\"query_text\": \" \"",
                        "[query_text]",
                        "blank"),
                rescorer("query_text null", FIELD + "\"query_text\": null", "query_text", "NULL"),
                rescorer(
                        "query_text an object",
                        FIELD + "\"query_text\": {\"a\": 1}",
                        "query_text",
                        "OBJECT"),
                rescorer("field empty list", "\"field\": [], \"query_text\": \"ice\"", "[field]"),
                rescorer(
                        "field a pattern",
                        "\"field\": \"bo*\", \"query_text\": \"ice\"",
                        "[field]",
                        "[bo*]"),
                rescorer(
                        "unknown parameter",
                        GOOD + ", \"query\": \"ice\"",
                        "[query]",
                        "query_text"),
                rescorer("max_length 0", GOOD + ", \"max_length\": 0", "[max_length]", "[0]"),
                rescorer(
                        "max_length below the template",
                        GOOD + ", \"max_length\": 20",
                        "[max_length]",
                        "[20]",
                        "raise"),
                rescorer(
                        "max_length beyond the model",
                        GOOD + ", \"max_length\": 1000000",
                        "[max_length]",
                        "[1000000]"),
                rescorer(
                        "max_length 99.9", GOOD + ", \"max_length\": 99.9", "[max_length]", "99.9"),
                rescorer(
                        "query_text of 1 MB",
                        FIELD + "\"query_text\": \"" + "ice ".repeat(1 << 18) + "\"",
                        "[max_length]",
                        "shorten"),
                rescorer("timeout 0ms", GOOD + ", \"timeout\": \"0ms\"", "[timeout]", "0"),
                rescorer("timeout negative", GOOD + ", \"timeout\": \"-5s\"", "[timeout]", "-5s"),
                rescorer("timeout a word", GOOD + ", \"timeout\": \"soon\"", "[timeout]", "soon"),
                rescorer("timeout a number", GOOD + ", \"timeout\": 800", "timeout", "NUMBER"),
                rescorer(
                        "on_failure unknown",
                        GOOD + ", \"on_failure\": \"explode\"",
                        "[on_failure]",
                        "[keep_order]",
                        "[explode]"));
    }

    private static List<BadInput> models() {
        return List.of(
                rescorer(
                        "unknown model",
                        GOOD + ", \"model_id\": \"no-such\"",
                        "[model_id]",
                        "[no-such]",
                        TestModels.RERANKER),
                rescorer(
                        "an embedding model",
                        GOOD + ", \"model_id\": \"" + TestModels.EMBEDDING + "\"",
                        "[model_id]",
                        "[embedding]",
                        TestModels.RERANKER),
                rescorer(
                        "model_id that climbs",
                        GOOD + ", \"model_id\": \"../models/" + TestModels.RERANKER + "\"",
                        "[model_id]",
                        "[../models/"),
                rescorer(
                        "broken model, on_failure fail",
                        GOOD + BROKEN + ", \"on_failure\": \"fail\"",
                        424,
                        "[weights-cut]",
                        "copy it again"),
                rescorer("broken model, on_failure keep_order", GOOD + BROKEN, 200, "\"_score\""),
                retriever(
                        "broken model, on_failure fail",
                        GOOD + BROKEN + ", " + CHILD + ", \"on_failure\": \"fail\"",
                        424,
                        "[weights-cut]",
                        "copy it again"),
                rescorer("model_id blank", GOOD + ", \"model_id\": \"\"", "[model_id]", "blank"));
    }

    private static List<BadInput> windows() {
        return List.of(
                search(
                        "rescorer: window_size missing",
                        "{\"rescore\": {" + RESCORER + "}}",
                        400,
                        "window_size"),
                search(
                        "rescorer: window_size below size",
                        "{\"size\": 20, \"rescore\": {\"window_size\": 10, " + RESCORER + "}}",
                        400,
                        "[window_size]",
                        "10",
                        "20"),
                search(
                        "rescorer: window_size below from + size",
                        "{\"from\": 6, \"size\": 5, \"rescore\": {\"window_size\": 10, "
                                + RESCORER
                                + "}}",
                        400,
                        "[window_size]",
                        "11"),
                search(
                        "rescorer: window_size 0",
                        "{\"size\": 1, \"rescore\": {\"window_size\": 0, " + RESCORER + "}}",
                        400,
                        "window_size"),
                search(
                        "rescorer: window_size 10001",
                        "{\"rescore\": {\"window_size\": 10001, " + RESCORER + "}}",
                        400,
                        "10001",
                        "index.max_rescore_window"),
                search(
                        "rescorer: sorted by a field",
                        "{\"sort\": \"number\", \"rescore\": {\"window_size\": 10, "
                                + RESCORER
                                + "}}",
                        400,
                        "sort"),
                new BadInput(
                        "rescorer: scroll",
                        "POST",
                        "docs/_search?scroll=1m",
                        "{\"rescore\": {\"window_size\": 10, " + RESCORER + "}}",
                        400,
                        List.of("scroll")),
                search(
                        "rescorer: size 0",
                        "{\"size\": 0, \"rescore\": {\"window_size\": 10, " + RESCORER + "}}",
                        200,
                        "\"hits\":[]"),
                search(
                        "rescorer: in a rescorer retriever, window below size",
                        "{\"size\": 8, \"retriever\": {\"rescorer\": {"
                                + CHILD
                                + ", \"rescore\": {\"window_size\": 4, "
                                + RESCORER
                                + "}}}}",
                        400,
                        "4",
                        "8"),
                search(
                        "retriever beside rescore",
                        "{\"retriever\": {\"qwen3_reranker\": {"
                                + GOOD
                                + ", "
                                + CHILD
                                + "}}, \"rescore\": {\"window_size\": 10, "
                                + RESCORER
                                + "}}",
                        400,
                        "[rescore]",
                        "[retriever]"));
    }

    private static List<BadInput> retrievers() {
        return List.of(
                retriever("no parameters", "", "[retriever]", "[retrievers]"),
                retriever("no children", GOOD, "[retriever]", "[retrievers]"),
                retriever(
                        "both kinds of children",
                        GOOD + ", " + CHILD + ", \"retrievers\": []",
                        "[retriever]",
                        "[retrievers]",
                        "both"),
                retriever("retrievers empty", GOOD + ", \"retrievers\": []", "[retrievers]"),
                retriever("retriever of nothing", GOOD + ", \"retriever\": {}", "[retriever]"),
                retriever(
                        "two retrievers in one",
                        GOOD + ", \"retriever\": {\"standard\": {}, \"knn\": {}}",
                        "[knn]",
                        "[standard]"),
                retriever("retrievers of nothing", GOOD + ", \"retrievers\": [{}]", "[retrievers]"),
                retriever("unknown child", GOOD + ", \"retriever\": {\"bm25\": {}}", "[bm25]"),
                retriever("query_text missing", FIELD + CHILD, "[query_text]", "required"),
                retriever(
                        "unknown parameter",
                        GOOD + ", " + CHILD + ", \"window_size\": 10",
                        "[window_size]",
                        "rank_window_size"),
                retriever(
                        "rank_window_size 0",
                        GOOD + ", " + CHILD + ", \"rank_window_size\": 0",
                        "[rank_window_size]",
                        "[0]"),
                search(
                        "retriever: rank_window_size below size",
                        "{\"size\": 20, \"retriever\": {\"qwen3_reranker\": {"
                                + GOOD
                                + ", "
                                + CHILD
                                + ", \"rank_window_size\": 5}}}",
                        400,
                        "[rank_window_size: 5]",
                        "[size: 20]"),
                retriever(
                        "rank_window_size 20000",
                        GOOD + ", " + CHILD + ", \"rank_window_size\": 20000",
                        "20000"),
                retriever(
                        "min_score 2",
                        GOOD + ", " + CHILD + ", \"min_score\": 2",
                        "[min_score]",
                        "[2"),
                retriever(
                        "min_score a word",
                        GOOD + ", " + CHILD + ", \"min_score\": \"high\"",
                        "[min_score]",
                        "high"),
                retriever(
                        "unknown model",
                        GOOD + ", " + CHILD + ", \"model_id\": \"no-such\"",
                        "[model_id]",
                        "[no-such]"),
                retriever(
                        "max_length below the template",
                        GOOD + ", " + CHILD + ", \"max_length\": 20",
                        "[max_length]",
                        "[20]"),
                retriever(
                        "timeout a word",
                        GOOD + ", " + CHILD + ", \"timeout\": \"soon\"",
                        "[timeout]",
                        "soon"));
    }

    /** Strange, but nothing that a search should fail for. */
    private static List<BadInput> strange() {
        return List.of(
                rescorer(
                        "field that no document has",
                        "\"field\": \"bodi\", \"query_text\": \"ice\"",
                        200,
                        "\"_score\""),
                rescorer(
                        "field of numbers",
                        "\"field\": \"number\", \"query_text\": \"ice\"",
                        200,
                        "\"_score\""),
                rescorer(
                        "lone surrogate in query_text",
                        FIELD + "\"query_text\": \"ice \\udc00 age\"",
                        200,
                        "\"_score\""),
                rescorer(
                        "control characters in query_text",
                        FIELD + "\"query_text\": \"\\u0000\\u0007\"",
                        200,
                        "\"_score\""));
    }
}
