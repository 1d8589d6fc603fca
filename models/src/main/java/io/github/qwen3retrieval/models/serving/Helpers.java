package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.network.PyTorch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** The threads that help those of passes: as many as are asked for at once, made when they are. */
final class Helpers implements Executor, AutoCloseable {

    private final ExecutorService threads;
    private final ThreadLocal<Boolean> ready;

    /**
     * No threads yet.
     *
     * @param nice how far they stand back, as those that they help
     */
    Helpers(ThreadFactory factory, int nice) {
        Standing standing = new Standing(nice);
        threads = Executors.newCachedThreadPool(factory);
        ready =
                ThreadLocal.withInitial(
                        () -> {
                            standing.take();
                            PyTorch.enter();
                            return true;
                        });
    }

    /** Runs help for passes: libtorch has been loaded when it is asked for. */
    @Override
    public void execute(Runnable help) {
        threads.execute(
                () -> {
                    ready.get();
                    help.run();
                });
    }

    /** Refuses what comes; threads end when they have nothing to do. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
