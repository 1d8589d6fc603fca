package io.github.qwen3retrieval.inference;

import java.io.IOException;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.inference.ServiceSettings;
import org.elasticsearch.xcontent.ToXContentObject;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * {@code service_settings} of a {@code rerank} endpoint.
 *
 * @param modelId the model's folder name, or null for the node's default reranker
 */
record RerankSettings(String modelId) implements ServiceSettings {

    static final String NAME = "qwen3_rerank_service_settings";

    RerankSettings(StreamInput in) throws IOException {
        this(in.readOptionalString());
    }

    static RerankSettings read(SettingsMap settings) {
        return new RerankSettings(settings.text(EmbeddingSettings.MODEL_ID));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeOptionalString(modelId);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject();
        if (modelId != null) {
            builder.field(EmbeddingSettings.MODEL_ID, modelId);
        }
        return builder.endObject();
    }

    @Override
    public ToXContentObject getFilteredXContentObject() {
        return this;
    }

    @Override
    public String getWriteableName() {
        return NAME;
    }

    @Override
    public TransportVersion getMinimalSupportedVersion() {
        return TransportVersion.minimumCompatible();
    }
}
