package io.github.qwen3retrieval.plugin.monitor;

import io.github.qwen3retrieval.models.serving.ModelStatus;
import java.io.IOException;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.unit.ByteSizeValue;
import org.elasticsearch.xcontent.XContentBuilder;

/** How a {@link ModelStatus} goes to other nodes and to users. */
final class ModelStatusFormat {

    private ModelStatusFormat() {}

    static ModelStatus read(StreamInput in) throws IOException {
        return new ModelStatus(
                in.readString(),
                in.readOptionalString(),
                in.readString(),
                in.readString(),
                in.readVLong(),
                in.readVInt(),
                in.readVInt(),
                in.readOptionalString(),
                in.readOptionalString());
    }

    static void write(StreamOutput out, ModelStatus model) throws IOException {
        out.writeString(model.id());
        out.writeOptionalString(model.kind());
        out.writeString(model.state());
        out.writeString(model.precision());
        out.writeVLong(model.bytes());
        out.writeVInt(model.layers());
        out.writeVInt(model.hiddenSize());
        out.writeOptionalString(model.sha256());
        out.writeOptionalString(model.error());
    }

    /**
     * The fields; of a broken model, what is known and why it is broken; of a remote one, which has
     * no layers here, what is set.
     */
    static void toXContent(XContentBuilder builder, ModelStatus model) throws IOException {
        builder.field("model_id", model.id());
        builder.field("state", model.state());
        if (model.kind() != null) {
            builder.field("kind", model.kind());
            if (model.layers() > 0) {
                builder.field("precision", model.precision());
                builder.humanReadableField(
                        "size_in_bytes", "size", ByteSizeValue.ofBytes(model.bytes()));
                builder.field("layers", model.layers());
            }
            if (model.hiddenSize() > 0) {
                builder.field("hidden_size", model.hiddenSize());
            }
            if (model.sha256() != null) {
                builder.field("sha256", model.sha256());
            }
        }
        if (model.error() != null) {
            builder.field("error", model.error());
        }
    }
}
