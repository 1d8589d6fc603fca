package io.github.qwen3retrieval.models.network;

import java.util.function.IntConsumer;

/** Asked between two layers of a pass whether and when to go on, and in them for more threads. */
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

    /**
     * Threads that {@link #share} has at present, this one among them: what can be cut in any
     * number of pieces is best not cut for one.
     */
    default int threads() {
        return 1;
    }

    /**
     * Does the pieces of a step of a layer, 0 to {@code pieces} − 1, each once, in any order and
     * perhaps several at a time, on other threads too. No piece runs any more when this returns.
     *
     * @throws RuntimeException what a piece threw
     */
    default void share(int pieces, IntConsumer piece) {
        for (int i = 0; i < pieces; i++) {
            piece.accept(i);
        }
    }
}
