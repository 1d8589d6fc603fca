package io.github.qwen3retrieval.rescore;

import org.elasticsearch.common.breaker.CircuitBreaker;
import org.elasticsearch.search.rescore.RescoreContext;

/** One rescoring of one shard: the parameters, the way to the texts, and the node's services. */
final class RerankContext extends RescoreContext {

    private final RerankParams params;
    private final HitTexts texts;
    private final CircuitBreaker breaker;
    private final RerankServices services;

    /**
     * For one shard.
     *
     * @param breaker charged with the texts while the model works on them; may be null
     */
    RerankContext(
            int windowSize,
            RerankParams params,
            HitTexts texts,
            CircuitBreaker breaker,
            RerankServices services) {
        super(windowSize, RerankRescorer.INSTANCE);
        this.params = params;
        this.texts = texts;
        this.breaker = breaker;
        this.services = services;
    }

    RerankParams params() {
        return params;
    }

    HitTexts texts() {
        return texts;
    }

    RerankServices services() {
        return services;
    }

    /** Takes the heap of so many characters, or fails with 429. */
    void charge(long characters) {
        if (breaker != null) {
            breaker.addEstimateBytesAndMaybeBreak(
                    characters * Character.BYTES, "[" + RerankRescorerBuilder.NAME + "] texts");
        }
    }

    /** Gives back what {@link #charge} took. */
    void discharge(long characters) {
        if (breaker != null) {
            breaker.addWithoutBreaking(-characters * Character.BYTES);
        }
    }
}
