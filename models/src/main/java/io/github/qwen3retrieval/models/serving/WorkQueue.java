package io.github.qwen3retrieval.models.serving;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the network, bounded in tokens. Searches go ahead of ingest; within a priority the
 * order is that of arrival.
 */
final class WorkQueue {

    private final long maxTokens;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Map<Priority, LinkedHashSet<Work>> waiting = new EnumMap<>(Priority.class);
    private long waitingTokens;
    private volatile boolean searchWaiting;
    private volatile boolean closed;

    /**
     * An empty queue.
     *
     * @param maxTokens tokens that may wait; a request larger than that is admitted alone
     */
    WorkQueue(long maxTokens) {
        this.maxTokens = maxTokens;
        for (Priority priority : Priority.values()) {
            waiting.put(priority, new LinkedHashSet<>());
        }
    }

    /**
     * Makes room for so many tokens.
     *
     * @throws RejectedExecutionException if too many wait already
     */
    void admit(long tokens) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException("the models of this node are closed");
            }
            if (isFull(tokens)) {
                // work that several requests share ends unseen when the last of them gives up
                dropAbandoned(List.copyOf(waiting.get(Priority.SEARCH)));
            }
            if (isFull(tokens)) {
                throw new RejectedExecutionException(
                        "["
                                + waitingTokens
                                + "] tokens wait for a model and ["
                                + tokens
                                + "] more would pass [qwen3.queue.max_tokens] of ["
                                + maxTokens
                                + "]; send less at once, try again later, or raise the setting");
            }
            waitingTokens += tokens;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(long more) {
        return waitingTokens > 0 && waitingTokens + more > maxTokens;
    }

    /** Corrects what {@link #admit} was told: the difference between what is now known and then. */
    void adjust(long difference) {
        lock.lock();
        try {
            // a closed queue counts nothing
            waitingTokens += closed ? 0 : difference;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a piece whose tokens have been admitted. */
    void add(Work work) {
        lock.lock();
        try {
            if (closed) {
                drop(work, new RejectedExecutionException("the models of this node are closed"));
                return;
            }
            waiting.get(work.priority()).add(work);
            searchWaiting |= work.priority() == Priority.SEARCH;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of those of the pieces that wait here for nobody, and of their tokens. */
    void dropAbandoned(List<Work> pieces) {
        lock.lock();
        try {
            for (Work work : pieces) {
                if (work.abandoned() && waiting.get(work.priority()).remove(work)) {
                    waitingTokens -= work.tokens();
                    work.finished();
                }
            }
            searchWaiting = waiting.get(Priority.SEARCH).isEmpty() == false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for work and takes the next batch.
     *
     * @param size of the batch; a single longer piece is a batch of its own
     * @return pieces of one model that join, never empty, or null when the queue was closed
     */
    List<Work> take(PassSize size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (closed == false) {
                for (Priority priority : Priority.values()) {
                    List<Work> batch = next(priority, size);
                    if (batch.isEmpty() == false) {
                        return batch;
                    }
                }
                arrived.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next batch of searches without waiting; empty if there is none. */
    List<Work> pollSearch(PassSize size) {
        if (searchWaiting == false) {
            return List.of();
        }
        lock.lock();
        try {
            return next(Priority.SEARCH, size);
        } finally {
            lock.unlock();
        }
    }

    private List<Work> next(Priority priority, PassSize size) {
        List<Work> batch = new ArrayList<>();
        int tokens = 0;
        int most = 0;
        for (Iterator<Work> it = waiting.get(priority).iterator(); it.hasNext(); ) {
            Work work = it.next();
            if (work.abandoned() == false) {
                if (batch.isEmpty()) {
                    most = size.tokens(waitingTokens, work.fewestTokens());
                } else if (tokens + work.tokens() > most || batch.get(0).joins(work) == false) {
                    break;
                }
                batch.add(work);
                tokens += work.tokens();
            } else {
                work.finished();
            }
            it.remove();
            waitingTokens -= work.tokens();
        }
        if (priority == Priority.SEARCH) {
            searchWaiting = waiting.get(priority).isEmpty() == false;
        }
        return batch;
    }

    /** Tokens that wait. */
    long waitingTokens() {
        lock.lock();
        try {
            return waitingTokens;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        return closed;
    }

    /** Refuses what comes, fails what waits and wakes whoever takes. */
    void close() {
        lock.lock();
        try {
            closed = true;
            List<Work> all = new ArrayList<>();
            waiting.values().forEach(all::addAll);
            waiting.values().forEach(Set::clear);
            waitingTokens = 0;
            for (Work work : all) {
                drop(work, new RejectedExecutionException("the models of this node are closed"));
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void drop(Work work, RuntimeException reason) {
        work.fail(reason);
        work.finished();
    }
}
