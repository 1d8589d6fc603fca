package io.github.qwen3retrieval.models.network;

/** Asked between two layers of a pass whether, and when, to go on. */
@FunctionalInterface
public interface Interruption {

    /** Never interrupts. */
    Interruption NONE = () -> {};

    /**
     * Returns when the pass may go on; other work may be done on the thread meanwhile.
     *
     * @throws java.util.concurrent.CancellationException to end the pass here
     */
    void betweenLayers();
}
