package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.natives.FreedMemory;
import io.github.qwen3retrieval.models.natives.Niceness;
import io.github.qwen3retrieval.models.network.PyTorch;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that takes batches from the queue and runs them. */
final class Worker implements Runnable {

    private static final Logger logger = LoggerFactory.getLogger(Worker.class);

    private final WorkQueue queue;
    private final PassSize size;
    private final int nice;
    private final MemoryBudget memory;
    private final Counters counters;
    private final FreedMemory freed;
    private final ThreadShares shares;
    private final Crew crew;

    /**
     * @param helpers threads beside this one, for passes that run alone
     */
    Worker(
            WorkQueue queue,
            ModelsOptions options,
            MemoryBudget memory,
            Counters counters,
            FreedMemory freed,
            ThreadShares shares,
            Executor helpers) {
        this.queue = queue;
        this.size = options.passSize();
        this.nice = options.nice();
        this.memory = memory;
        this.counters = counters;
        this.freed = freed;
        this.shares = shares;
        crew = new Crew(helpers);
    }

    /** Runs batches until the queue is closed. */
    @Override
    public void run() {
        stepBack();
        try {
            List<Work> batch = queue.take(size);
            if (batch != null) {
                // not before: without an open model the engine may not have been loaded
                PyTorch.enter();
            }
            while (batch != null) {
                shares.resume();
                try {
                    execute(batch);
                } finally {
                    rest();
                }
                freed.giveBackNowAndThen();
                batch = queue.take(size);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stepBack() {
        if (nice > 0) {
            Niceness.addToThisThread(nice)
                    .ifPresent(
                            why ->
                                    logger.warn(
                                            "passes run at the priority of all threads, not [{}]"
                                                    + " steps behind: {}",
                                            nice,
                                            why));
        }
    }

    /** While this thread has nothing to do, nobody helps it. */
    private void rest() {
        crew.dismiss();
        shares.pause();
    }

    private void execute(List<Work> batch) {
        long started = System.nanoTime();
        int tokens = batch.stream().mapToInt(Work::tokens).sum();
        try {
            batch.get(0).model().files().check();
            long bytes = batch.get(0).model().network().activationBytes(tokens);
            memory.reserve(bytes, "qwen3 batch of [" + tokens + "] tokens");
            try {
                Batches.run(batch, new Running(batch));
            } finally {
                memory.release(bytes);
            }
            int texts = batch.stream().mapToInt(Work::texts).sum();
            long nanos = System.nanoTime() - started;
            counters.batch(batch.get(0).priority(), texts, tokens, nanos);
        } catch (CancellationException e) {
            fail(batch, new RejectedExecutionException("the models of this node are closed"));
        } catch (RuntimeException e) {
            logger.debug("a batch of {} tokens failed", tokens, e);
            fail(batch, e);
        } catch (Error e) {
            logger.error("a batch of {} tokens ended in an error", tokens, e);
            fail(batch, new ModelException("the model's native code failed: " + e, e));
        } finally {
            batch.forEach(Work::finished);
        }
    }

    private void fail(List<Work> batch, RuntimeException e) {
        batch.forEach(work -> work.fail(e));
    }

    /** A batch on this thread. */
    private final class Running implements PassThread {

        private final List<Work> batch;

        Running(List<Work> batch) {
            this.batch = batch;
        }

        /**
         * Ends a pass that nobody waits for, and lets searches through while ingest is computed.
         */
        @Override
        public void betweenLayers() {
            if (queue.closed() || batch.stream().allMatch(Work::abandoned)) {
                throw new CancellationException();
            }
            if (batch.get(0).priority() == Priority.INGEST) {
                List<Work> urgent = queue.pollSearch(size);
                while (urgent.isEmpty() == false) {
                    execute(urgent);
                    urgent = queue.pollSearch(size);
                }
            }
        }

        @Override
        public int threads() {
            return shares.share();
        }

        @Override
        public void share(int pieces, IntConsumer piece) {
            crew.run(pieces, shares.share(), piece);
        }

        @Override
        public void lock(Lock lock) {
            if (lock.tryLock() == false) {
                rest();
                try {
                    lock.lock();
                } finally {
                    shares.resume();
                }
            }
        }
    }
}
