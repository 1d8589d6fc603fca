package io.github.qwen3retrieval.rescore;

import java.util.List;
import org.elasticsearch.common.logging.HeaderWarning;

/** What a search says beside its hits: response headers {@code Warning}. */
final class RerankWarnings {

    /** A header is no place for a stack trace. */
    private static final int LONGEST_REASON = 400;

    private RerankWarnings() {}

    /** Some hits were not reranked. */
    static void kept(int kept, int of, String reason) {
        String brief =
                reason.length() > LONGEST_REASON
                        ? reason.substring(0, LONGEST_REASON) + "..."
                        : reason;
        warn("kept the first-stage order of [" + kept + "] of [" + of + "] hits: " + brief);
    }

    /** Some hits of a response were not reranked. */
    static void keptInResponse(long kept, int of) {
        warn("[" + kept + "] of the [" + of + "] hits returned keep their first-stage order");
    }

    /** No hit has a text, most likely because the field's name is misspelt. */
    static void noTexts(int hits, List<String> fields) {
        warn("none of [" + hits + "] hits has text in " + fields + "; is [field] right?");
    }

    private static void warn(String message) {
        HeaderWarning.addWarning("[" + RerankRescorerBuilder.NAME + "] " + message);
    }
}
