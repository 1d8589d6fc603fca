package io.github.qwen3retrieval.inference.standin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.inference.InferenceService;
import org.elasticsearch.inference.InferenceServiceRegistry;
import org.elasticsearch.inference.InputType;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.rest.action.RestBuilderListener;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xpack.core.inference.results.DenseEmbeddingResults;

/**
 * {@code POST _stand_in/{service}/{task_type}}: makes an endpoint of the member {@code config},
 * checks, sends, stores and reads it, then calls it with the other members.
 */
final class StandInHandler extends BaseRestHandler {

    private static final String ID = "endpoint";

    private final Supplier<InferenceServiceRegistry> services;
    private final Supplier<NamedWriteableRegistry> writeables;

    StandInHandler(
            Supplier<InferenceServiceRegistry> services,
            Supplier<NamedWriteableRegistry> writeables) {
        this.services = services;
        this.writeables = writeables;
    }

    @Override
    public String getName() {
        return "stand_in";
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(RestRequest.Method.POST, "_stand_in/{service}/{task_type}"));
    }

    @Override
    @SuppressWarnings("unchecked")
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client)
            throws IOException {
        InferenceService service =
                services.get().getService(request.param("service")).orElseThrow();
        TaskType taskType = TaskType.fromString(request.param("task_type"));
        Map<String, Object> body;
        try (XContentParser parser = request.contentParser()) {
            body = parser.map();
        }
        Map<String, Object> config = (Map<String, Object>) body.remove("config");
        StandInCall call = new StandInCall(service, body);
        return channel ->
                service.parseRequestConfig(
                        ID,
                        taskType,
                        config,
                        new RestBuilderListener<StandInCall.Answer>(channel) {
                            @Override
                            public RestResponse buildResponse(
                                    StandInCall.Answer answer, XContentBuilder builder)
                                    throws IOException {
                                answer.write(builder);
                                return new RestResponse(RestStatus.OK, builder);
                            }
                        }.delegateFailureAndWrap(
                                (answer, model) ->
                                        checked(
                                                service,
                                                model,
                                                answer.delegateFailureAndWrap(
                                                        (next, made) ->
                                                                call.run(
                                                                        stored(service, made),
                                                                        next)))));
    }

    /** As x-pack-inference checks an endpoint that embeds: by a text, whose vector has a length. */
    private static void checked(
            InferenceService service, Model model, ActionListener<Model> listener) {
        if (model.getTaskType() != TaskType.TEXT_EMBEDDING) {
            listener.onResponse(model);
            return;
        }
        service.infer(
                model,
                List.of("how big"),
                false,
                Map.of(),
                InputType.INTERNAL_INGEST,
                TimeValue.timeValueSeconds(30),
                listener.delegateFailureAndWrap(
                        (next, result) ->
                                next.onResponse(
                                        service.updateModelWithEmbeddingDetails(
                                                model,
                                                ((DenseEmbeddingResults<?>) result)
                                                        .getFirstEmbeddingSize()))));
    }

    private Model stored(InferenceService service, Model model) throws IOException {
        Model stored = StoredModel.readBack(service, StoredModel.sent(model, writeables.get()));
        if (stored.getConfigurations().equals(model.getConfigurations()) == false) {
            throw new IllegalStateException("the endpoint is not what it was");
        }
        return stored;
    }
}
