package io.github.qwen3retrieval.plugin.v1;

import java.io.IOException;
import java.util.List;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.action.RestCancellableNodeClient;

/** What the two handlers that compute have in common: a wrong body is answered as OpenAI does. */
abstract class V1Handler extends BaseRestHandler {

    private final String path;

    V1Handler(String path) {
        this.path = path;
    }

    /**
     * A request that was understood.
     *
     * @param request what to compute
     * @param format writes the answer
     */
    record Understood(InferenceRequest request, V1Listener.Format<InferenceResponse> format) {}

    /**
     * Reads the body.
     *
     * @throws IllegalArgumentException if it is wrong
     */
    abstract Understood read(RestRequest request) throws IOException;

    @Override
    public final List<Route> routes() {
        return List.of(new Route(RestRequest.Method.POST, "/_qwen3/v1/" + path));
    }

    @Override
    public final String getName() {
        return "qwen3_v1_" + path + "_action";
    }

    @Override
    protected final RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
        Understood understood;
        try {
            understood = read(request);
        } catch (IOException | RuntimeException e) {
            return channel -> new V1Listener<>(channel, null).onFailure(wrongBody(e));
        }
        RestCancellableNodeClient cancelling =
                new RestCancellableNodeClient(client, request.getHttpChannel());
        return channel ->
                cancelling.execute(
                        InferenceAction.TYPE,
                        understood.request(),
                        new V1Listener<>(channel, understood.format()));
    }

    /** Whatever a parser stumbles over is a fault of the body. */
    private static Exception wrongBody(Exception e) {
        return e instanceof IllegalArgumentException
                ? e
                : new IllegalArgumentException("the body cannot be read: " + e.getMessage(), e);
    }
}
