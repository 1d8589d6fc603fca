package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
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
    private final Supplier<Embedder> embedder;

    /**
     * A builder whose parameters have been checked.
     *
     * @throws IllegalArgumentException naming the parameter that is missing or wrong
     */
    EmbeddingQueryVectorBuilder(
            String text, EmbeddingOptions options, Supplier<Embedder> embedder) {
        if (text == null) {
            throw refused(MODEL_TEXT, "is required, it is the text to search for");
        }
        if (text.isBlank()) {
            throw refused(MODEL_TEXT, "must not be blank, it is the text to search for");
        }
        options.check(EmbeddingQueryVectorBuilder::refused);
        this.text = text;
        this.options = options;
        this.embedder = embedder;
    }

    private static IllegalArgumentException refused(String parameter, String rule) {
        return new IllegalArgumentException("[" + parameter + "] " + rule);
    }

    private static EmbeddingQueryVectorBuilder read(StreamInput in, Supplier<Embedder> embedder)
            throws IOException {
        String text = in.readString();
        EmbeddingOptions options =
                new EmbeddingOptions(
                        in.readOptionalString(),
                        in.readOptionalString(),
                        in.readOptionalVInt(),
                        in.readOptionalVInt());
        return new EmbeddingQueryVectorBuilder(text, options, embedder);
    }

    /**
     * What a plugin registers.
     *
     * @param embedder asked for at each search, since Elasticsearch asks for this before the node's
     *     components exist; gives an embedder that completes its futures in the thread context of
     *     the caller
     */
    public static QueryVectorBuilderSpec<EmbeddingQueryVectorBuilder> spec(
            Supplier<Embedder> embedder) {
        return new QueryVectorBuilderSpec<>(
                NAME,
                in -> read(in, embedder),
                (parser, context) -> EmbeddingQueryParser.parse(parser, embedder));
    }

    String text() {
        return text;
    }

    EmbeddingOptions options() {
        return options;
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
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject();
        builder.field(MODEL_TEXT, text);
        field(builder, EmbeddingOptions.MODEL_ID, options.modelId());
        field(builder, EmbeddingOptions.INSTRUCTION, options.instruction());
        field(builder, EmbeddingOptions.DIMENSIONS, options.dimensions());
        field(builder, EmbeddingOptions.MAX_LENGTH, options.maxLength());
        return builder.endObject();
    }

    private static void field(XContentBuilder builder, String name, Object value)
            throws IOException {
        if (value != null) {
            builder.field(name, value);
        }
    }

    /**
     * Embeds the text without waiting: searches call this on transport threads.
     *
     * @param client not needed
     * @param listener takes the vector, float[dimensions], or the embedder's failure; on the thread
     *     that completes the embedder's future or on this one
     */
    @Override
    public void buildVector(Client client, ActionListener<float[]> listener) {
        EmbedderCall.embed(
                request -> embedder.get().embed(request),
                options.request(InputType.QUERY, List.of(text)),
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
                && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, options);
    }
}
