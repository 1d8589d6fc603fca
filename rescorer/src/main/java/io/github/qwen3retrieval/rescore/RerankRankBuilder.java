package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.Query;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.client.internal.Client;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.search.rank.RankBuilder;
import org.elasticsearch.search.rank.RankDoc;
import org.elasticsearch.search.rank.context.QueryPhaseRankCoordinatorContext;
import org.elasticsearch.search.rank.context.QueryPhaseRankShardContext;
import org.elasticsearch.search.rank.context.RankFeaturePhaseRankCoordinatorContext;
import org.elasticsearch.search.rank.context.RankFeaturePhaseRankShardContext;
import org.elasticsearch.search.rank.rerank.RerankingQueryPhaseRankShardContext;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * Makes a search for a list of candidates rerank them: every shard reads the texts of its own, the
 * coordinating node has all of them scored. Users do not write it; {@link RerankRetrieverBuilder}
 * does.
 */
final class RerankRankBuilder extends RankBuilder {

    static final String NAME = "qwen3_reranker";

    private final RerankParams params;
    private final CandidateOrder order;
    private final RerankServices services;

    RerankRankBuilder(
            int window, RerankParams params, CandidateOrder order, RerankServices services) {
        super(window);
        this.params = params;
        this.order = order;
        this.services = services;
    }

    RerankRankBuilder(StreamInput in, RerankServices services) throws IOException {
        super(in);
        this.params = new RerankParams(in);
        this.order = new CandidateOrder(in);
        this.services = services;
    }

    @Override
    protected void doWriteTo(StreamOutput out) throws IOException {
        params.writeTo(out);
        order.writeTo(out);
    }

    @Override
    protected void doXContent(XContentBuilder builder, Params xContentParams) throws IOException {
        params.toXContent(builder, xContentParams);
    }

    RerankParams params() {
        return params;
    }

    CandidateOrder order() {
        return order;
    }

    @Override
    public boolean isCompoundBuilder() {
        return false;
    }

    /** Explained by {@link RerankRankDoc}, in the search that this one is a part of. */
    @Override
    public Explanation explainHit(
            Explanation baseExplanation, RankDoc scoreDoc, List<String> queryNames) {
        return baseExplanation;
    }

    @Override
    public QueryPhaseRankShardContext buildQueryPhaseShardContext(List<Query> queries, int from) {
        return new RerankingQueryPhaseRankShardContext(queries, rankWindowSize());
    }

    @Override
    public QueryPhaseRankCoordinatorContext buildQueryPhaseCoordinatorContext(int size, int from) {
        return new CandidatesOfShards(rankWindowSize());
    }

    @Override
    public RankFeaturePhaseRankShardContext buildRankFeaturePhaseShardContext() {
        return new TextsOfShard();
    }

    @Override
    public RankFeaturePhaseRankCoordinatorContext buildRankFeaturePhaseCoordinatorContext(
            int size, int from, Client client) {
        return new GlobalRerank(size, from, this, services, client.threadPool());
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
    protected boolean doEquals(RankBuilder other) {
        RerankRankBuilder that = (RerankRankBuilder) other;
        return params.equals(that.params) && order.equals(that.order);
    }

    @Override
    protected int doHashCode() {
        return Objects.hash(params, order);
    }
}
