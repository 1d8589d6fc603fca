package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.RerankRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;

/** A {@link RerankRequest} on its way to another node; its timeout is what is left of it. */
final class RerankMessage extends ModelMessage {

    private final RerankRequest request;

    RerankMessage(RerankRequest request) {
        Objects.requireNonNull(request.modelId(), "model_id");
        this.request = request;
    }

    RerankMessage(StreamInput in) throws IOException {
        super(in);
        this.request =
                new RerankRequest(
                        in.readString(),
                        in.readString(),
                        in.readStringCollectionAsList(),
                        in.readOptionalString(),
                        in.readOptionalVInt(),
                        timeout(in.readOptionalVLong()));
    }

    private static Duration timeout(Long nanos) {
        return nanos == null ? null : Duration.ofNanos(nanos);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeString(request.modelId());
        out.writeString(request.query());
        out.writeStringCollection(request.documents());
        out.writeOptionalString(request.instruction());
        out.writeOptionalVInt(request.maxLength());
        Duration timeout = request.timeout();
        out.writeOptionalVLong(timeout == null ? null : Math.max(0, timeout.toNanos()));
    }

    RerankRequest request() {
        return request;
    }

    @Override
    String modelId() {
        return request.modelId();
    }

    @Override
    public String getDescription() {
        return "rerank [" + request.documents().size() + "] documents with [" + modelId() + "]";
    }
}
