package io.github.qwen3retrieval.rescore;

/** Told what became of every window, to be counted. Called by search threads: return at once. */
public interface RerankListener {

    /** Counts nothing. */
    RerankListener NONE =
            new RerankListener() {
                @Override
                public void onReranked(int hits) {}

                @Override
                public void onKept(int hits, KeptCause cause) {}
            };

    /** Why hits kept their first-stage order. */
    enum KeptCause {
        /** Time ran out before they were scored. */
        TIMEOUT,
        /** The model failed, or had no room for more work. */
        FAILURE
    }

    /** {@code hits} of a window were given a score by the model. */
    void onReranked(int hits);

    /**
     * {@code hits} of a window had a text but were not scored. Also called before a search fails
     * because of that ({@code on_failure: fail}).
     */
    void onKept(int hits, KeptCause cause);
}
