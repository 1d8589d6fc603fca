package io.github.qwen3retrieval.models.serving;

/** A piece of work that waits for a pass over its model, which it holds open. */
abstract class Work {

    private final OpenModel model;
    private final Priority priority;

    Work(OpenModel model, Priority priority) {
        this.model = model;
        this.priority = priority;
    }

    final OpenModel model() {
        return model;
    }

    final Priority priority() {
        return priority;
    }

    /** Tokens that a pass over this piece reads. */
    abstract int tokens();

    /** Tokens of a pass that costs no more by the token than a longer one. */
    int fewestTokens() {
        return model.network().fewestTokens();
    }

    /** Texts that this piece consists of. */
    abstract int texts();

    /** Whether this piece and the other may be parts of one pass. */
    abstract boolean joins(Work other);

    /** Whether nobody waits for the result any more. */
    abstract boolean abandoned();

    /** Tells whoever waits that there will be no result. */
    abstract void fail(RuntimeException e);

    /** Called once for every piece: it was computed, has failed or was dropped. */
    void finished() {
        model.release();
    }
}
