package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedding;
import java.io.IOException;
import java.util.List;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;

/** The vectors of an {@link EmbedMessage}, in the order of its texts. */
final class EmbedAnswer extends ModelAnswer<List<Embedding>> {

    private final List<Embedding> embeddings;

    EmbedAnswer(long queueTokens, List<Embedding> embeddings) {
        super(queueTokens);
        this.embeddings = embeddings;
    }

    EmbedAnswer(StreamInput in) throws IOException {
        super(in);
        this.embeddings =
                in.readCollectionAsList(
                        i -> new Embedding(i.readFloatArray(), i.readVInt(), i.readBoolean()));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        super.writeTo(out);
        out.writeCollection(
                embeddings,
                (o, embedding) -> {
                    o.writeFloatArray(embedding.vector());
                    o.writeVInt(embedding.tokens());
                    o.writeBoolean(embedding.truncated());
                });
    }

    @Override
    List<Embedding> value() {
        return embeddings;
    }
}
