package io.github.qwen3retrieval.plugin.v1;

import io.github.qwen3retrieval.models.UnknownModelException;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import io.github.qwen3retrieval.plugin.monitor.MonitorAction;
import io.github.qwen3retrieval.plugin.monitor.NodeReport;
import io.github.qwen3retrieval.plugin.monitor.Report;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * {@code GET _qwen3/v1/models} and {@code GET _qwen3/v1/models/ID}, in OpenAI's format: what {@code
 * GET _qwen3/models} tells, without the broken ones.
 */
public final class RestModelsAction extends BaseRestHandler {

    @Override
    public String getName() {
        return "qwen3_v1_models_action";
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route(RestRequest.Method.GET, "/_qwen3/v1/models"),
                new Route(RestRequest.Method.GET, "/_qwen3/v1/models/{model}"));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
        String wanted = request.param("model");
        return channel ->
                client.execute(
                        MonitorAction.TYPE,
                        new MonitorAction.Request(),
                        new V1Listener<Report>(
                                channel,
                                (builder, report) -> write(builder, usable(report), wanted)));
    }

    private static SortedMap<String, ModelStatus> usable(Report report) {
        SortedMap<String, ModelStatus> models = new TreeMap<>();
        for (NodeReport node : report.getNodes()) {
            for (ModelStatus model : node.models()) {
                if (model.error() == null) {
                    models.putIfAbsent(model.id(), model);
                }
            }
        }
        return models;
    }

    private static void write(
            XContentBuilder builder, SortedMap<String, ModelStatus> models, String wanted)
            throws IOException {
        if (wanted == null) {
            builder.startObject().field("object", "list").startArray("data");
            for (ModelStatus model : models.values()) {
                write(builder, model);
            }
            builder.endArray().endObject();
        } else if (models.containsKey(wanted)) {
            write(builder, models.get(wanted));
        } else {
            throw new UnknownModelException(
                    "the model [" + wanted + "] does not exist; there are " + models.keySet());
        }
    }

    private static void write(XContentBuilder builder, ModelStatus model) throws IOException {
        builder.startObject()
                .field("id", model.id())
                .field("object", "model")
                .field("created", 0)
                .field("owned_by", "qwen3-retrieval")
                .field("kind", model.kind())
                .endObject();
    }
}
