package io.github.qwen3retrieval.plugin.cluster;

import java.io.IOException;
import java.util.Map;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.tasks.CancellableTask;
import org.elasticsearch.tasks.Task;
import org.elasticsearch.tasks.TaskId;
import org.elasticsearch.transport.AbstractTransportRequest;

/**
 * A request for a model on another node. Cancelling its task there abandons the work; Elasticsearch
 * does so when the task that sent it is cancelled and when the connection closes.
 */
abstract class ModelMessage extends AbstractTransportRequest {

    ModelMessage() {}

    ModelMessage(StreamInput in) throws IOException {
        super(in);
    }

    /** The model, never null: which one is meant is decided by the node that asks. */
    abstract String modelId();

    /** Tells model and size, never a text. */
    @Override
    public abstract String getDescription();

    @Override
    public final Task createTask(
            long id, String type, String action, TaskId parent, Map<String, String> headers) {
        return new CancellableTask(id, type, action, getDescription(), parent, headers);
    }
}
