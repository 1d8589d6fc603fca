package io.github.qwen3retrieval.models.network;

/** Asked between two layers of a pass whether, when and by how many threads to go on. */
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
     * Threads that the products of the next layer may take, this one among them; asked after {@link
     * #betweenLayers}. They are taken where that changes no bit of what the pass gives.
     */
    default int threads() {
        return 1;
    }
}
