package io.github.qwen3retrieval.plugin.reload;

import java.util.List;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.common.Strings;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.action.RestActions;
import org.elasticsearch.rest.action.RestBuilderListener;
import org.elasticsearch.xcontent.XContentBuilder;

/** {@code POST _qwen3/models/{model_id}/_reload}. */
public final class RestReloadAction extends BaseRestHandler {

    @Override
    public String getName() {
        return "qwen3_reload_action";
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(RestRequest.Method.POST, "/_qwen3/models/{model_id}/_reload"));
    }

    /** Parameter {@code node_id}: the nodes to ask, all by default. */
    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
        ReloadAction.Request reload =
                new ReloadAction.Request(
                        request.param("model_id"),
                        Strings.splitStringByCommaToArray(request.param("node_id")));
        return channel ->
                client.execute(
                        ReloadAction.TYPE,
                        reload,
                        new RestBuilderListener<ReloadReport>(channel) {
                            @Override
                            public RestResponse buildResponse(
                                    ReloadReport report, XContentBuilder builder) throws Exception {
                                return RestActions.nodesResponse(builder, request, report);
                            }
                        });
    }
}
