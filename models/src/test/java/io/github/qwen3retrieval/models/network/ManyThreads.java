package io.github.qwen3retrieval.models.network;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Has the pieces of a step done at once, the last one first, on threads of Java's own pool. */
final class ManyThreads implements Interruption {

    @Override
    public void betweenLayers() {}

    @Override
    public int threads() {
        return 4;
    }

    @Override
    public void share(int pieces, IntConsumer piece) {
        IntStream.range(0, pieces)
                .map(i -> pieces - 1 - i)
                .parallel()
                .forEach(
                        i -> {
                            PyTorch.enter();
                            piece.accept(i);
                        });
    }
}
