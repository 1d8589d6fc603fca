package io.github.qwen3retrieval.plugin.cluster;

import java.io.IOException;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.transport.TransportResponse;

/** What a node answers to a {@link ModelMessage}: the result, and how busy it is. */
abstract class ModelAnswer<R> extends TransportResponse {

    private final long queueTokens;

    ModelAnswer(long queueTokens) {
        this.queueTokens = queueTokens;
    }

    ModelAnswer(StreamInput in) throws IOException {
        this.queueTokens = in.readVLong();
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeVLong(queueTokens);
    }

    /** Tokens that waited on that node when it answered. */
    final long queueTokens() {
        return queueTokens;
    }

    /** The result. */
    abstract R value();
}
