package io.github.qwen3retrieval.inference;

import java.io.IOException;
import java.util.Objects;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.index.mapper.vectors.DenseVectorFieldMapper.ElementType;
import org.elasticsearch.inference.ServiceSettings;
import org.elasticsearch.inference.SimilarityMeasure;
import org.elasticsearch.xcontent.ToXContentObject;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * {@code service_settings} of a {@code text_embedding} endpoint.
 *
 * @param modelId the model's folder name
 * @param dimensions length of the vectors; null until Elasticsearch has seen one, where the user
 *     named none
 */
record EmbeddingSettings(String modelId, Integer dimensions) implements ServiceSettings {

    static final String NAME = "qwen3_embedding_service_settings";
    static final String MODEL_ID = "model_id";
    static final String DIMENSIONS = "dimensions";

    /** As the models were trained (Matryoshka representation learning). */
    private static final int MIN_DIMENSIONS = 32;

    EmbeddingSettings {
        Objects.requireNonNull(modelId, MODEL_ID);
    }

    EmbeddingSettings(StreamInput in) throws IOException {
        this(in.readString(), in.readOptionalVInt());
    }

    static EmbeddingSettings read(SettingsMap settings) {
        return new EmbeddingSettings(
                settings.required(
                        MODEL_ID,
                        "what is stored must be found by the same model; GET _qwen3/models lists"
                                + " them"),
                settings.number(DIMENSIONS, MIN_DIMENSIONS));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeString(modelId);
        out.writeOptionalVInt(dimensions);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject().field(MODEL_ID, modelId);
        if (dimensions != null) {
            builder.field(DIMENSIONS, dimensions);
        }
        return builder.endObject();
    }

    @Override
    public ToXContentObject getFilteredXContentObject() {
        return this;
    }

    @Override
    public SimilarityMeasure similarity() {
        return SimilarityMeasure.COSINE;
    }

    @Override
    public Boolean dimensionsSetByUser() {
        return dimensions != null;
    }

    @Override
    public ElementType elementType() {
        return ElementType.FLOAT;
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
