package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.network.Network;
import io.github.qwen3retrieval.models.network.Prefix;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A beginning that prompts share: the system text all those of a model, instruction and query
 * behind it those of a request, an instruction those of queries. Computed by the first who needs
 * it, freed when the last one is finished.
 */
final class SharedPrefix {

    private final SharedPrefix before;
    private final int[] ids;
    private final Network network;
    private final MemoryBudget memory;
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
    private long reserved;
    private Prefix prefix;

    /**
     * A prefix that is not computed yet.
     *
     * @param before what the ids begin with and is not freed before this is, or null for nothing
     * @param users how often {@link #release} will be called, beside once for each {@link #retain}
     */
    SharedPrefix(SharedPrefix before, int[] ids, Network network, MemoryBudget memory, int users) {
        this.before = before;
        this.ids = ids;
        this.network = network;
        this.memory = memory;
        this.users = users;
    }

    int[] ids() {
        return ids;
    }

    /** The prefix; others that need it wait meanwhile, and their threads may help. */
    Prefix get(PassThread thread) {
        thread.lock(lock);
        try {
            if (prefix == null) {
                compute(thread);
            }
            return prefix;
        } finally {
            lock.unlock();
        }
    }

    private void compute(PassThread thread) {
        Prefix shorter = before == null ? null : before.get(thread);
        int known = shorter == null ? 0 : shorter.length();
        long bytes = network.prefixBytes(ids.length);
        memory.reserve(bytes, "qwen3 prompt of [" + ids.length + "] tokens");
        boolean kept = false;
        try {
            int[] behind = Arrays.copyOfRange(ids, known, ids.length);
            Prefix computed = network.prefix(shorter, behind, thread);
            if (prefix == null) {
                prefix = computed;
                reserved = bytes;
                kept = true;
            } else {
                // a search that this thread let through between two layers needed it first
                computed.close();
            }
        } finally {
            // where it failed, the next one tries again
            if (kept == false) {
                memory.release(bytes);
            }
        }
    }

    /** Adds a user, while there is one. */
    void retain() {
        lock.lock();
        try {
            users++;
        } finally {
            lock.unlock();
        }
    }

    /** Called once by every user. */
    void release() {
        lock.lock();
        try {
            users--;
            if (users == 0) {
                if (prefix != null) {
                    prefix.close();
                }
                memory.release(reserved);
                reserved = 0;
            }
        } finally {
            lock.unlock();
        }
    }
}
