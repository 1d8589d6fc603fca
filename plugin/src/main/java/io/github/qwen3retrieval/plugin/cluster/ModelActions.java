package io.github.qwen3retrieval.plugin.cluster;

/** Names of what nodes ask of each other. */
final class ModelActions {

    /** {@link EmbedMessage} to {@link EmbedAnswer}. */
    static final String EMBED = "internal:qwen3/embed";

    /** {@link RerankMessage} to {@link RerankAnswer}. */
    static final String RERANK = "internal:qwen3/rerank";

    /** {@link CatalogueMessage} to {@link NodeOffers}. */
    static final String CATALOGUE = "internal:qwen3/catalogue";

    private ModelActions() {}
}
