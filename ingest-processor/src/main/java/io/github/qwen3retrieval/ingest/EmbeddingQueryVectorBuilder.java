package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.client.internal.Client;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.plugins.SearchPlugin.QueryVectorBuilderSpec;
import org.elasticsearch.search.vectors.QueryVectorBuilder;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * Query vector builder that embeds the text of a search, for the top-level {@code knn}, the {@code
 * knn} query and the {@code knn} retriever.
 *
 * <p>Two builders are equal when their parameters are: Elasticsearch embeds the text of equal
 * {@code knn} queries of one search once.
 *
 * <p>A search that is cancelled does not stop its embedding, which is one text of bounded length:
 * the client that Elasticsearch gives does not know the search's task. The vector is dropped.
 */
public final class EmbeddingQueryVectorBuilder implements QueryVectorBuilder {

    /** The name under which searches know the builder. */
    public static final String NAME = "qwen3_embedding";

    static final String MODEL_TEXT = "model_text";

    private final String text;
    private final EmbeddingOptions options;
    private final VerifiedField verified;
    private final QueryServices services;

    /**
     * A builder whose parameters have been checked.
     *
     * @param verified the field that the vector is for, or null to take any
     * @throws IllegalArgumentException naming the parameter that is missing or wrong
     */
    EmbeddingQueryVectorBuilder(
            String text, EmbeddingOptions options, VerifiedField verified, QueryServices services) {
        if (text == null) {
            throw refused(MODEL_TEXT, "is required, it is the text to search for");
        }
        if (text.isBlank()) {
            throw refused(MODEL_TEXT, "must not be blank, it is the text to search for");
        }
        options.check(EmbeddingQueryVectorBuilder::refused);
        this.text = text;
        this.options = options;
        this.verified = verified;
        this.services = services;
    }

    private static IllegalArgumentException refused(String parameter, String rule) {
        return new IllegalArgumentException("[" + parameter + "] " + rule);
    }

    private static EmbeddingQueryVectorBuilder read(StreamInput in, QueryServices services)
            throws IOException {
        String text = in.readString();
        EmbeddingOptions options =
                new EmbeddingOptions(
                        in.readOptionalString(),
                        in.readOptionalString(),
                        in.readOptionalVInt(),
                        in.readOptionalVInt());
        VerifiedField verified = VerifiedField.of(in.readOptionalString(), in.readOptionalString());
        return new EmbeddingQueryVectorBuilder(text, options, verified, services);
    }

    /** What a plugin registers. */
    public static QueryVectorBuilderSpec<EmbeddingQueryVectorBuilder> spec(QueryServices services) {
        return new QueryVectorBuilderSpec<>(
                NAME,
                in -> read(in, services),
                (parser, context) -> EmbeddingQueryParser.parse(parser, services));
    }

    String text() {
        return text;
    }

    EmbeddingOptions options() {
        return options;
    }

    VerifiedField verified() {
        return verified;
    }

    @Override
    public String getWriteableName() {
        return NAME;
    }

    @Override
    public TransportVersion getMinimalSupportedVersion() {
        return TransportVersion.minimumCompatible();
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeString(text);
        out.writeOptionalString(options.modelId());
        out.writeOptionalString(options.instruction());
        out.writeOptionalVInt(options.dimensions());
        out.writeOptionalVInt(options.maxLength());
        out.writeOptionalString(verified == null ? null : verified.index());
        out.writeOptionalString(verified == null ? null : verified.field());
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject();
        builder.field(MODEL_TEXT, text);
        field(builder, EmbeddingOptions.MODEL_ID, options.modelId());
        field(builder, EmbeddingOptions.INSTRUCTION, options.instruction());
        field(builder, EmbeddingOptions.DIMENSIONS, options.dimensions());
        field(builder, EmbeddingOptions.MAX_LENGTH, options.maxLength());
        if (verified != null) {
            builder.field(VerifiedField.VERIFY_INDEX, verified.index());
            builder.field(VerifiedField.VERIFY_FIELD, verified.field());
        }
        return builder.endObject();
    }

    private static void field(XContentBuilder builder, String name, Object value)
            throws IOException {
        if (value != null) {
            builder.field(name, value);
        }
    }

    /**
     * Embeds the text without waiting: searches call this on transport threads. Where the query
     * names the field that its vector is for, it is verified first that they go together.
     *
     * @param client only for the verification
     * @param listener takes the vector, float[dimensions], or the failure; on the thread that
     *     completes the embedder's future or on this one
     */
    @Override
    public void buildVector(Client client, ActionListener<float[]> listener) {
        EmbeddingRequest request = options.request(InputType.QUERY, List.of(text));
        if (verified == null) {
            embed(request, listener);
        } else {
            ActionListener.run(
                    listener.<Void>delegateFailureAndWrap((l, agreed) -> embed(request, l)),
                    l -> services.verifier().verify(client, verified, request, l));
        }
    }

    private void embed(EmbeddingRequest request, ActionListener<float[]> listener) {
        EmbedderCall.embed(
                asked -> services.embedder().get().embed(asked),
                request,
                (embeddings, failure) -> {
                    if (failure == null) {
                        listener.onResponse(embeddings.getFirst().vector());
                    } else {
                        listener.onFailure(failure);
                    }
                });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmbeddingQueryVectorBuilder that
                && text.equals(that.text)
                && options.equals(that.options)
                && Objects.equals(verified, that.verified);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, options, verified);
    }
}
