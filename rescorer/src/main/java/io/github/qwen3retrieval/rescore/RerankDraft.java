package io.github.qwen3retrieval.rescore;

import java.util.List;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.xcontent.ObjectParser;
import org.elasticsearch.xcontent.ParseField;

/**
 * Parameters of a rescorer or retriever while they are being read from a request; {@link #params}
 * checks them. What the two declare beside the common ones is added by a subclass.
 */
class RerankDraft {

    private static final List<String> COMMON =
            List.of(
                    "field",
                    "query_text",
                    "model_id",
                    "instruction",
                    "max_length",
                    "timeout",
                    "on_failure");

    private List<String> fields;
    private String queryText;
    private String modelId;
    private String instruction;
    private Integer maxLength;
    private TimeValue timeout;
    private OnFailure onFailure;

    /** Makes {@code parser} read the common parameters. */
    static <D extends RerankDraft, C> void declareCommon(ObjectParser<D, C> parser) {
        parser.declareStringArray((d, v) -> ((RerankDraft) d).fields = v, new ParseField("field"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).queryText = v, new ParseField("query_text"));
        parser.declareString((d, v) -> ((RerankDraft) d).modelId = v, new ParseField("model_id"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).instruction = v, new ParseField("instruction"));
        parser.declareInt((d, v) -> ((RerankDraft) d).maxLength = v, new ParseField("max_length"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).timeout = TimeValue.parseTimeValue(v, "timeout"),
                new ParseField("timeout"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).onFailure = OnFailure.parse(v),
                new ParseField("on_failure"));
    }

    /**
     * The error for a parameter that nobody knows.
     *
     * @param further what is known beside the common parameters
     */
    static IllegalArgumentException unknown(String name, String parameter, List<String> further) {
        String known = String.join(", ", COMMON) + (further.isEmpty() ? "" : ", ");
        return new IllegalArgumentException(
                "["
                        + name
                        + "] unknown parameter ["
                        + parameter
                        + "], known are ["
                        + known
                        + String.join(", ", further)
                        + "]");
    }

    /**
     * The parameters, checked.
     *
     * @throws IllegalArgumentException if one is missing or wrong
     */
    RerankParams params() {
        return new RerankParams(
                fields, queryText, modelId, instruction, maxLength, timeout, onFailure);
    }
}
