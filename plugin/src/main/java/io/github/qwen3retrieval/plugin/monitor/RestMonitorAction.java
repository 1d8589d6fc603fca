package io.github.qwen3retrieval.plugin.monitor;

import java.util.List;
import java.util.Map;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.action.RestActions;
import org.elasticsearch.rest.action.RestBuilderListener;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentBuilder;

/** {@code GET _qwen3/models} and {@code GET _qwen3/stats}: one half of the report each. */
public final class RestMonitorAction extends BaseRestHandler {

    private final String half;

    private RestMonitorAction(String half) {
        this.half = half;
    }

    /** Serves {@code GET _qwen3/models}. */
    public static RestMonitorAction models() {
        return new RestMonitorAction("models");
    }

    /** Serves {@code GET _qwen3/stats}. */
    public static RestMonitorAction stats() {
        return new RestMonitorAction("stats");
    }

    @Override
    public String getName() {
        return "qwen3_" + half + "_action";
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(RestRequest.Method.GET, "/_qwen3/" + half));
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
        ToXContent.Params params =
                new ToXContent.DelegatingMapParams(Map.of(Report.HALF, half), request);
        return channel ->
                client.execute(
                        MonitorAction.TYPE,
                        new MonitorAction.Request(),
                        new RestBuilderListener<Report>(channel) {
                            @Override
                            public RestResponse buildResponse(
                                    Report report, XContentBuilder builder) throws Exception {
                                return RestActions.nodesResponse(builder, params, report);
                            }
                        });
    }
}
