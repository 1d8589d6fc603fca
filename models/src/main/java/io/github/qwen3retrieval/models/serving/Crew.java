package io.github.qwen3retrieval.models.serving;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A thread that runs passes and those that help it: they share the pieces of its steps, which come
 * some ten microseconds after one another, so that helpers look out for the next one for a while
 * before they sleep. Nobody waits for a helper to begin: where none comes, the thread does all.
 *
 * <p>One thread leads a crew, the same all its life; it alone calls the methods.
 */
final class Crew {

    /** How long a helper looks out for a step: longer than all that a layer has between two. */
    private static final long LOOK_OUT_NANOS = 200_000;

    /** Looks at a step that others still work at before the leader lets the CPU go meanwhile. */
    private static final int LOOKS = 10_000;

    private static final long NAP_NANOS = 20_000;

    private final Executor threads;
    private final AtomicInteger here = new AtomicInteger();
    private final Queue<Thread> asleep = new ConcurrentLinkedQueue<>();
    private volatile int wanted;
    private volatile Step step;

    /**
     * A crew without helpers.
     *
     * @param threads gives them, or refuses
     */
    Crew(Executor threads) {
        this.threads = threads;
    }

    /**
     * Does pieces 0 to {@code pieces} − 1 of a step, each once, in no certain order. None runs any
     * more when this returns.
     *
     * @param most threads, the leader among them
     * @throws RuntimeException what the first piece that failed threw; others are not begun then
     */
    void run(int pieces, int most, IntConsumer piece) {
        if (pieces == 1) {
            // helpers stay for the next step, which comes before they could leave and return
            piece.accept(0);
            return;
        }
        want(Math.min(pieces, most) - 1);
        Step now = new Step(pieces, piece);
        if (wanted > 0) {
            step = now;
            wake();
        }
        now.work();
        now.awaitEnd();
    }

    /** Sends all helpers away. */
    void dismiss() {
        want(0);
        step = null;
    }

    private void want(int helpers) {
        wanted = helpers;
        if (here.get() > helpers) {
            wake();
        }
        while (here.get() < helpers) {
            here.incrementAndGet();
            try {
                threads.execute(this::help);
            } catch (RejectedExecutionException e) {
                here.decrementAndGet();
                return;
            }
        }
    }

    private void wake() {
        for (Thread one = asleep.poll(); one != null; one = asleep.poll()) {
            LockSupport.unpark(one);
        }
    }

    private void help() {
        boolean left = false;
        try {
            Step last = null;
            long since = System.nanoTime();
            while (left == false) {
                Step now = step;
                if (now != null && now != last) {
                    now.work();
                    last = now;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since < LOOK_OUT_NANOS) {
                    Thread.onSpinWait();
                } else {
                    sleep(last);
                }
                left = leaves();
            }
        } finally {
            if (left == false) {
                here.decrementAndGet();
            }
        }
    }

    /** Whether there are more helpers than wanted, of whom this one goes. */
    private boolean leaves() {
        int helpers = here.get();
        while (helpers > wanted) {
            if (here.compareAndSet(helpers, helpers - 1)) {
                return true;
            }
            helpers = here.get();
        }
        return false;
    }

    /** Until there is another step than the last one, or too many helpers. */
    private void sleep(Step last) {
        asleep.add(Thread.currentThread());
        Step now = step;
        if ((now == null || now == last) && here.get() <= wanted) {
            LockSupport.park(this);
        }
    }

    private static final class Step {

        private final int pieces;
        private final IntConsumer piece;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Step(int pieces, IntConsumer piece) {
            this.pieces = pieces;
            this.piece = piece;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        piece.accept(i);
                    }
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        void awaitEnd() {
            for (int looks = 0; done.get() < pieces; looks++) {
                if (looks < LOOKS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, NAP_NANOS);
                }
            }
            Throwable failed = failure.get();
            if (failed instanceof RuntimeException e) {
                throw e;
            }
            if (failed instanceof Error e) {
                throw e;
            }
        }
    }
}
