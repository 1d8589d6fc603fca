package io.github.qwen3retrieval.ingest;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.elasticsearch.xcontent.ObjectParser;
import org.elasticsearch.xcontent.ParseField;
import org.elasticsearch.xcontent.XContentLocation;
import org.elasticsearch.xcontent.XContentParseException;
import org.elasticsearch.xcontent.XContentParser;

/** Reads an {@link EmbeddingQueryVectorBuilder} from the body of a search. */
final class EmbeddingQueryParser {

    private static final List<String> KNOWN =
            List.of(
                    EmbeddingQueryVectorBuilder.MODEL_TEXT,
                    EmbeddingOptions.MODEL_ID,
                    EmbeddingOptions.INSTRUCTION,
                    EmbeddingOptions.DIMENSIONS,
                    EmbeddingOptions.MAX_LENGTH,
                    VerifiedField.VERIFY_INDEX,
                    VerifiedField.VERIFY_FIELD);

    private static final ObjectParser<EmbeddingQueryParser, Void> PARSER =
            new ObjectParser<>(
                    EmbeddingQueryVectorBuilder.NAME,
                    EmbeddingQueryParser::refuseUnknown,
                    EmbeddingQueryParser::new);

    static {
        PARSER.declareString((q, v) -> q.text = v, name(EmbeddingQueryVectorBuilder.MODEL_TEXT));
        PARSER.declareString((q, v) -> q.modelId = v, name(EmbeddingOptions.MODEL_ID));
        PARSER.declareString((q, v) -> q.instruction = v, name(EmbeddingOptions.INSTRUCTION));
        declareWhole((q, v) -> q.dimensions = v, EmbeddingOptions.DIMENSIONS);
        declareWhole((q, v) -> q.maxLength = v, EmbeddingOptions.MAX_LENGTH);
        PARSER.declareString((q, v) -> q.verifyIndex = v, name(VerifiedField.VERIFY_INDEX));
        PARSER.declareString((q, v) -> q.verifyField = v, name(VerifiedField.VERIFY_FIELD));
    }

    private String text;
    private String modelId;
    private String instruction;
    private Integer dimensions;
    private Integer maxLength;
    private String verifyIndex;
    private String verifyField;

    private EmbeddingQueryParser() {}

    /**
     * Reads one object.
     *
     * @throws XContentParseException naming the parameter that is missing, wrong or not known. Of
     *     all exceptions behind "failed to parse field" this one alone is shown to users as the
     *     root cause
     */
    static EmbeddingQueryVectorBuilder parse(XContentParser parser, QueryServices services) {
        XContentLocation location = parser.getTokenLocation();
        try {
            EmbeddingQueryParser read = PARSER.apply(parser, null);
            EmbeddingOptions options =
                    new EmbeddingOptions(
                            read.modelId, read.instruction, read.dimensions, read.maxLength);
            VerifiedField verified = VerifiedField.of(read.verifyIndex, read.verifyField);
            return new EmbeddingQueryVectorBuilder(read.text, options, verified, services);
        } catch (XContentParseException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new XContentParseException(location, e.getMessage());
        }
    }

    private static ParseField name(String name) {
        return new ParseField(name);
    }

    /** Elasticsearch's own reading of integers drops fractions without a word. */
    private static void declareWhole(
            BiConsumer<EmbeddingQueryParser, Integer> setter, String name) {
        PARSER.declareField(
                (parser, query, context) -> setter.accept(query, whole(parser, name)),
                name(name),
                ObjectParser.ValueType.INT);
    }

    /** A number, or a string of one as search templates fill it in. */
    private static int whole(XContentParser parser, String name) throws IOException {
        try {
            return Integer.parseInt(parser.text());
        } catch (NumberFormatException e) {
            throw new XContentParseException(
                    parser.getTokenLocation(),
                    "[" + name + "] must be a whole number, got [" + parser.text() + "]");
        }
    }

    private static void refuseUnknown(EmbeddingQueryParser query, String name, Object value) {
        throw new IllegalArgumentException(
                "[" + name + "] is not a parameter of [qwen3_embedding], it knows " + KNOWN);
    }
}
