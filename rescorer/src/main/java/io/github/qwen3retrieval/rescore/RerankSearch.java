package io.github.qwen3retrieval.rescore;

import org.elasticsearch.plugins.SearchPlugin.RescorerSpec;

/** What a plugin registers for searches to rerank. */
public final class RerankSearch {

    private RerankSearch() {}

    /** The rescorer {@code qwen3_reranker}. */
    public static RescorerSpec<RerankRescorerBuilder> rescorer(RerankServices services) {
        return new RescorerSpec<>(
                RerankRescorerBuilder.NAME,
                in -> new RerankRescorerBuilder(in, services),
                parser -> RerankRescorerBuilder.fromXContent(parser, services));
    }
}
