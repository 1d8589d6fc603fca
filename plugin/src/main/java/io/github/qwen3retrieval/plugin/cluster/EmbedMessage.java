package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.io.IOException;
import java.util.Objects;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;

/** An {@link EmbeddingRequest} on its way to another node. */
final class EmbedMessage extends ModelMessage {

    private final EmbeddingRequest request;

    EmbedMessage(EmbeddingRequest request) {
        Objects.requireNonNull(request.modelId(), "model_id");
        this.request = request;
    }

    EmbedMessage(StreamInput in) throws IOException {
        super(in);
        this.request =
                new EmbeddingRequest(
                        in.readString(),
                        in.readEnum(InputType.class),
                        in.readStringCollectionAsList(),
                        in.readOptionalString(),
                        in.readOptionalVInt(),
                        in.readOptionalVInt());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeString(request.modelId());
        out.writeEnum(request.inputType());
        out.writeStringCollection(request.texts());
        out.writeOptionalString(request.instruction());
        out.writeOptionalVInt(request.dimensions());
        out.writeOptionalVInt(request.maxLength());
    }

    EmbeddingRequest request() {
        return request;
    }

    @Override
    String modelId() {
        return request.modelId();
    }

    @Override
    public String getDescription() {
        return "embed [" + request.texts().size() + "] texts with [" + modelId() + "]";
    }
}
