package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.network.PyTorch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that help those of passes, made when they are asked for, by who asks. So they stand
 * as far behind the others of the process as that one does: the kernel has a thread begin where the
 * one that makes it stands.
 */
final class Helpers implements Executor, AutoCloseable {

    private final ExecutorService threads;
    private final ThreadLocal<Boolean> ready;

    /**
     * No threads yet.
     *
     * @param most how many; who asks for more has them when others are through
     */
    Helpers(ThreadFactory factory, int most) {
        threads = Executors.newFixedThreadPool(most, factory);
        ready =
                ThreadLocal.withInitial(
                        () -> {
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
