package io.github.qwen3retrieval.rescore;

import java.util.HashMap;
import java.util.Map;
import org.elasticsearch.common.io.stream.Writeable;
import org.elasticsearch.search.rank.RankDoc.RankKey;
import org.elasticsearch.test.AbstractWireSerializingTestCase;

/** What the retriever sends to the shards. */
public class RerankRankBuilderTests extends AbstractWireSerializingTestCase<RerankRankBuilder> {

    private record Parts(int window, RerankParams params, CandidateOrder order) {
        RerankRankBuilder build() {
            return new RerankRankBuilder(
                    window, params, order, RerankRescorerBuilderTests.SERVICES);
        }
    }

    private static CandidateOrder randomOrder() {
        Map<RankKey, Integer> ranks = new HashMap<>();
        for (int i = between(0, 20); i > 0; i--) {
            ranks.put(new RankKey(between(0, 1000), between(0, 5)), i);
        }
        return new CandidateOrder(ranks);
    }

    @Override
    protected Writeable.Reader<RerankRankBuilder> instanceReader() {
        return in -> new RerankRankBuilder(in, RerankRescorerBuilderTests.SERVICES);
    }

    @Override
    protected RerankRankBuilder createTestInstance() {
        return new Parts(between(1, 100), RerankRescorerBuilderTests.randomParams(), randomOrder())
                .build();
    }

    @Override
    protected RerankRankBuilder mutateInstance(RerankRankBuilder instance) {
        int window = instance.rankWindowSize();
        RerankParams params = instance.params();
        Map<RankKey, Integer> more = new HashMap<>(instance.order().ranks());
        more.put(new RankKey(2000, 0), 30);
        return switch (between(0, 2)) {
            case 0 -> new Parts(window + 1, params, instance.order()).build();
            case 1 ->
                    new Parts(window, RerankRescorerBuilderTests.mutate(params), instance.order())
                            .build();
            default -> new Parts(window, params, new CandidateOrder(more)).build();
        };
    }
}
