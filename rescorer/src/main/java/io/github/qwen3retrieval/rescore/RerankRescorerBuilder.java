package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.action.ActionRequestValidationException;
import org.elasticsearch.action.ValidateActions;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.index.query.QueryRewriteContext;
import org.elasticsearch.index.query.SearchExecutionContext;
import org.elasticsearch.search.SearchService;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.search.rescore.RescoreContext;
import org.elasticsearch.search.rescore.RescorerBuilder;
import org.elasticsearch.xcontent.ObjectParser;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentParser;

/**
 * The rescorer {@code qwen3_reranker} of a search request: reranks, on every shard, the top {@code
 * window_size} hits. Contrast {@link RerankRetrieverBuilder}, which reranks one window of the whole
 * index.
 */
public final class RerankRescorerBuilder extends RescorerBuilder<RerankRescorerBuilder> {

    /** Name in requests and on the wire. */
    public static final String NAME = "qwen3_reranker";

    private static final ObjectParser<RerankDraft, Void> PARSER =
            new ObjectParser<>(
                    NAME,
                    (draft, parameter, value) -> {
                        throw RerankDraft.unknown(NAME, parameter, List.of());
                    },
                    RerankDraft::new);

    static {
        RerankDraft.declareCommon(PARSER);
    }

    private final RerankParams params;
    private final RerankServices services;

    /** By what to rerank, and with what; {@link #windowSize(int)} is still to be set. */
    public RerankRescorerBuilder(RerankParams params, RerankServices services) {
        this.params = Objects.requireNonNull(params, "params");
        this.services = Objects.requireNonNull(services, "services");
    }

    /** Reads what {@link #writeTo} wrote. */
    public RerankRescorerBuilder(StreamInput in, RerankServices services) throws IOException {
        super(in);
        this.params = new RerankParams(in);
        this.services = services;
    }

    @Override
    protected void doWriteTo(StreamOutput out) throws IOException {
        params.writeTo(out);
    }

    /** Reads the object behind {@code "qwen3_reranker":}. */
    public static RerankRescorerBuilder fromXContent(XContentParser parser, RerankServices services)
            throws IOException {
        return new RerankRescorerBuilder(PARSER.parse(parser, null).params(), services);
    }

    @Override
    protected void doXContent(XContentBuilder builder, Params xContentParams) throws IOException {
        builder.startObject(NAME);
        params.toXContent(builder, xContentParams);
        builder.endObject();
    }

    RerankParams params() {
        return params;
    }

    @Override
    protected boolean isWindowSizeRequired() {
        return true;
    }

    /**
     * Refuses a window that is smaller than from + size: hits of the page beyond it would follow in
     * first-stage order however well they fit.
     */
    @Override
    public ActionRequestValidationException validate(
            SearchSourceBuilder source, ActionRequestValidationException errors) {
        long from = source.from() < 0 ? SearchService.DEFAULT_FROM : source.from();
        long size = source.size() < 0 ? SearchService.DEFAULT_SIZE : source.size();
        if (windowSize == null || windowSize >= from + size || size == 0) {
            return errors;
        }
        return ValidateActions.addValidationError(
                "["
                        + NAME
                        + "] requires [window_size] to be at least [from + size], got [window_size: "
                        + windowSize
                        + "] and [from + size: "
                        + (from + size)
                        + "]",
                errors);
    }

    @Override
    protected RescoreContext innerBuildContext(int window, SearchExecutionContext context) {
        // what a failing model or a passed deadline left unranked must not be served from a cache
        context.disableCache();
        return new RerankContext(
                window,
                params,
                new HitTexts(params.fields(), params.maxCharacters(), context),
                context.getCircuitBreaker(),
                services);
    }

    @Override
    public RerankRescorerBuilder rewrite(QueryRewriteContext context) {
        return this;
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
    public boolean equals(Object other) {
        return super.equals(other) && params.equals(((RerankRescorerBuilder) other).params);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), params);
    }
}
