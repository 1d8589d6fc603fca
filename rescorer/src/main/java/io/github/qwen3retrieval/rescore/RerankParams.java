package io.github.qwen3retrieval.rescore;

import io.github.qwen3retrieval.models.RerankRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.xcontent.ToXContentFragment;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * What to rerank by: the parameters that rescorer and retriever have in common.
 *
 * @param fields names of the fields that hold a hit's text, joined in this order with line breaks
 * @param queryText what is searched for
 * @param modelId the model's folder name, or null for the node's default reranker
 * @param instruction what makes a document fit, or null for the default of the model card
 * @param maxLength tokens of the whole prompt after which a text is cut, or null for the default
 * @param timeout time after which what is not scored keeps its first-stage order, or null for none
 * @param onFailure what to do with hits that were not scored
 */
public record RerankParams(
        List<String> fields,
        String queryText,
        String modelId,
        String instruction,
        Integer maxLength,
        TimeValue timeout,
        OnFailure onFailure)
        implements Writeable, ToXContentFragment {

    /** Checks every parameter; a message names the one that is wrong and the value it has. */
    public RerankParams {
        require(fields != null && fields.isEmpty() == false, "field", "is required", null);
        fields = List.copyOf(fields);
        for (String field : fields) {
            boolean name = field.isBlank() == false && field.indexOf('*') < 0;
            require(name, "field", "must be the name of a field, or a list of names", field);
        }
        require(queryText != null, "query_text", "is required", null);
        require(queryText.isBlank() == false, "query_text", "must not be blank", queryText);
        boolean named = modelId == null || modelId.isBlank() == false;
        require(named, "model_id", "must not be blank", modelId);
        boolean room = maxLength == null || maxLength > 0;
        require(room, "max_length", "must be at least [1]", maxLength);
        boolean positive = timeout == null || timeout.duration() > 0;
        require(positive, "timeout", "must be longer than [0ms]", timeout);
        onFailure = onFailure == null ? OnFailure.KEEP_ORDER : onFailure;
    }

    private static void require(boolean holds, String name, String rule, Object value) {
        if (holds == false) {
            String got = value == null ? "" : ", got [" + value + "]";
            throw new IllegalArgumentException("[" + name + "] " + rule + got);
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public RerankParams(StreamInput in) throws IOException {
        this(
                in.readStringCollectionAsList(),
                in.readString(),
                in.readOptionalString(),
                in.readOptionalString(),
                in.readOptionalVInt(),
                in.readOptionalTimeValue(),
                in.readEnum(OnFailure.class));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeStringCollection(fields);
        out.writeString(queryText);
        out.writeOptionalString(modelId);
        out.writeOptionalString(instruction);
        out.writeOptionalVInt(maxLength);
        out.writeOptionalTimeValue(timeout);
        out.writeEnum(onFailure);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        if (fields.size() == 1) {
            builder.field("field", fields.get(0));
        } else {
            builder.field("field", fields);
        }
        builder.field("query_text", queryText);
        if (modelId != null) {
            builder.field("model_id", modelId);
        }
        if (instruction != null) {
            builder.field("instruction", instruction);
        }
        if (maxLength != null) {
            builder.field("max_length", maxLength);
        }
        if (timeout != null) {
            builder.field("timeout", timeout.getStringRep());
        }
        return builder.field("on_failure", onFailure.toString());
    }

    /**
     * Characters of one text that can matter: a token of Qwen3's vocabulary is at most 128 bytes
     * long, so what follows this many characters is beyond {@link #maxLength} tokens in any text,
     * and a huge document need not be carried further.
     */
    int maxCharacters() {
        int tokens = maxLength == null ? RerankRequest.DEFAULT_MAX_LENGTH : maxLength;
        return (int) Math.min(128L * tokens, Integer.MAX_VALUE - 8);
    }

    /**
     * The request to the model for these documents.
     *
     * @param remaining what is left of {@link #timeout}, or null for no limit
     */
    RerankRequest request(List<String> documents, Duration remaining) {
        return new RerankRequest(modelId, queryText, documents, instruction, maxLength, remaining);
    }
}
