package io.github.qwen3retrieval.models.network;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Works through numbered pieces on the calling thread and on a second one. Nobody waits for the
 * second to begin: where it is busy or refused, the first does all.
 */
final class TwoLanes {

    private final int count;
    private final IntConsumer piece;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CountDownLatch secondDone = new CountDownLatch(1);

    private TwoLanes(int count, IntConsumer piece) {
        this.count = count;
        this.piece = piece;
    }

    /**
     * Does pieces 0 to {@code count} − 1, each once, in no certain order. No piece runs any more
     * when this returns.
     *
     * @throws RuntimeException what the first piece that failed threw; others are not begun then
     */
    static void run(int count, Executor second, IntConsumer piece) {
        new TwoLanes(count, piece).run(second);
    }

    private void run(Executor second) {
        try {
            second.execute(this::second);
        } catch (RejectedExecutionException e) {
            // the first does all
        }
        work();
        if (taken.compareAndSet(false, true) == false) {
            awaitSecond();
        }
        Throwable failed = failure.get();
        if (failed instanceof RuntimeException e) {
            throw e;
        }
        if (failed instanceof Error e) {
            throw e;
        }
    }

    private void second() {
        if (taken.compareAndSet(false, true)) {
            try {
                work();
            } finally {
                secondDone.countDown();
            }
        }
    }

    private void work() {
        int i = next.getAndIncrement();
        while (i < count && failure.get() == null) {
            try {
                piece.accept(i);
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
            i = next.getAndIncrement();
        }
    }

    /** It is at a piece at most, which cannot be stopped. */
    private void awaitSecond() {
        boolean interrupted = false;
        while (true) {
            try {
                secondDone.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
