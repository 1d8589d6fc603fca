package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.xcontent.ObjectParser;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentParseException;
import org.elasticsearch.xcontent.XContentParser;

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
    private String timeout;
    private String onFailure;

    /** Makes {@code parser} read the common parameters. */
    static <D extends RerankDraft, C> void declareCommon(ObjectParser<D, C> parser) {
        parser.declareStringArray((d, v) -> ((RerankDraft) d).fields = v, new ParseField("field"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).queryText = v, new ParseField("query_text"));
        parser.declareString((d, v) -> ((RerankDraft) d).modelId = v, new ParseField("model_id"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).instruction = v, new ParseField("instruction"));
        declareWhole(parser, (d, v) -> ((RerankDraft) d).maxLength = v, "max_length");
        parser.declareString((d, v) -> ((RerankDraft) d).timeout = v, new ParseField("timeout"));
        parser.declareString(
                (d, v) -> ((RerankDraft) d).onFailure = v, new ParseField("on_failure"));
    }

    /** Elasticsearch's own reading of integers drops fractions without a word. */
    static <D, C> void declareWhole(
            ObjectParser<D, C> parser, BiConsumer<D, Integer> setter, String name) {
        parser.declareField(
                (p, draft, context) -> setter.accept(draft, whole(p, name)),
                new ParseField(name),
                ObjectParser.ValueType.INT);
    }

    private static int whole(XContentParser parser, String name) throws IOException {
        try {
            return Integer.parseInt(parser.text());
        } catch (NumberFormatException e) {
            throw wrong(parser, "[" + name + "] must be a whole number");
        }
    }

    /**
     * The error for the value that the parser is at. Of all exceptions behind "failed to parse
     * field" this type alone is shown to users as the root cause.
     */
    static XContentParseException wrong(XContentParser parser, String rule) throws IOException {
        return new XContentParseException(
                parser.getTokenLocation(), rule + ", got [" + parser.text() + "]");
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
                fields,
                queryText,
                modelId,
                instruction,
                maxLength,
                timeout == null ? null : time(timeout),
                onFailure == null ? null : OnFailure.parse(onFailure));
    }

    private static TimeValue time(String value) {
        try {
            return TimeValue.parseTimeValue(value, "timeout");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "[timeout] must be a positive time such as [800ms], got [" + value + "]");
        }
    }
}
