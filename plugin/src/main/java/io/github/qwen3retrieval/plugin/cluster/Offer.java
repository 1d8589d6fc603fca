package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.io.IOException;
import java.util.Objects;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.common.io.stream.Writeable;

/**
 * A model that a node has.
 *
 * @param modelId its id
 * @param kind what it does, or null where it is broken
 * @param state {@code closed}, {@code opening}, {@code open} or {@code broken}
 * @param sha256 of its files, in hexadecimal, or null where it is not known, or not known yet
 * @param dimensions length of its longest vector; 0 where it is not known
 */
public record Offer(String modelId, ModelKind kind, String state, String sha256, int dimensions)
        implements Writeable {

    /** Hexadecimal digits of a hash that messages show. */
    private static final int SHOWN = 12;

    /** Id and state may not be null. */
    public Offer {
        Objects.requireNonNull(modelId, "modelId");
        Objects.requireNonNull(state, "state");
    }

    Offer(StreamInput in) throws IOException {
        this(
                in.readString(),
                in.readOptionalEnum(ModelKind.class),
                in.readString(),
                in.readOptionalString(),
                in.readVInt());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeString(modelId);
        out.writeOptionalEnum(kind);
        out.writeString(state);
        out.writeOptionalString(sha256);
        out.writeVInt(dimensions);
    }

    /** Whether it could not be opened when it was last tried, or cannot be read at all. */
    boolean broken() {
        return kind == null || "broken".equals(state);
    }

    /** The beginning of a hash, enough to tell two apart. */
    public static String shown(String sha256) {
        return sha256.length() <= SHOWN ? sha256 : sha256.substring(0, SHOWN) + "…";
    }

    /** The kind's name in settings and messages. */
    static String name(ModelKind kind) {
        return kind == ModelKind.EMBEDDING ? "embedding" : "reranker";
    }
}
