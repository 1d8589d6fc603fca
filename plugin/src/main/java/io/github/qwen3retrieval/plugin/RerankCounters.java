package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.rescore.RerankListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the hits that searches of this node wanted reranked. */
public final class RerankCounters implements RerankListener {

    private final LongAdder reranked = new LongAdder();
    private final Map<KeptCause, LongAdder> kept = new EnumMap<>(KeptCause.class);

    RerankCounters() {
        for (KeptCause cause : KeptCause.values()) {
            kept.put(cause, new LongAdder());
        }
    }

    /**
     * The counters at one time.
     *
     * @param reranked hits that the model scored
     * @param timedOut hits that kept their first-stage order because time ran out
     * @param failed hits that kept it because the model failed or had no room
     */
    public record Hits(long reranked, long timedOut, long failed) {}

    @Override
    public void onReranked(int hits) {
        reranked.add(hits);
    }

    @Override
    public void onKept(int hits, KeptCause cause) {
        kept.get(cause).add(hits);
    }

    Hits now() {
        return new Hits(
                reranked.sum(),
                kept.get(KeptCause.TIMEOUT).sum(),
                kept.get(KeptCause.FAILURE).sum());
    }
}
