package io.github.qwen3retrieval.plugin.v1;

import java.io.IOException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.rest.RestChannel;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * Sends an answer, or what went wrong.
 *
 * @param <T> what is answered with
 */
final class V1Listener<T> implements ActionListener<T> {

    private static final Logger logger = LogManager.getLogger(V1Listener.class);

    private final RestChannel channel;
    private final Format<T> format;

    V1Listener(RestChannel channel, Format<T> format) {
        this.channel = channel;
        this.format = format;
    }

    /** How an answer is written. */
    interface Format<T> {

        /** Writes one object. */
        void write(XContentBuilder builder, T answer) throws IOException;
    }

    @Override
    public void onResponse(T answer) {
        try (XContentBuilder builder = channel.newBuilder()) {
            format.write(builder, answer);
            channel.sendResponse(new RestResponse(RestStatus.OK, builder));
        } catch (Exception e) {
            onFailure(e);
        }
    }

    @Override
    public void onFailure(Exception failure) {
        V1Error error = V1Error.of(failure);
        if (error.status().getStatus() >= 500) {
            logger.warn("[{}] failed: {}", channel.request().path(), error.message());
            logger.debug("its stack", failure);
        }
        try {
            channel.sendResponse(error.response(channel));
        } catch (Exception e) {
            logger.warn("could not send an error", e);
        }
    }
}
