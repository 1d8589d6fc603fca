package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.network.Interruption;
import io.github.qwen3retrieval.models.network.Network;
import io.github.qwen3retrieval.models.network.Prefix;

/**
 * The beginning of all prompts of a rerank request: system text, instruction and query. Computed by
 * the first batch that needs it, freed when the last batch is finished.
 */
final class SharedPrefix {

    private final int[] ids;
    private final Network network;
    private final MemoryBudget memory;
    private int users;
    private long reserved;
    private Prefix prefix;

    /**
     * A prefix that is not computed yet.
     *
     * @param users batches that will call {@link #release}
     */
    SharedPrefix(int[] ids, Network network, MemoryBudget memory, int users) {
        this.ids = ids;
        this.network = network;
        this.memory = memory;
        this.users = users;
    }

    int[] ids() {
        return ids;
    }

    /** The prefix; other batches that need it wait meanwhile. */
    synchronized Prefix get(Interruption interruption) {
        if (prefix == null) {
            long bytes = network.prefixBytes(ids.length);
            memory.reserve(bytes, "qwen3 query of [" + ids.length + "] tokens");
            try {
                prefix = network.prefix(ids, interruption);
                reserved = bytes;
            } finally {
                // where it failed, the next batch tries again
                memory.release(bytes - reserved);
            }
        }
        return prefix;
    }

    /** Called once by every user. */
    synchronized void release() {
        users--;
        if (users == 0) {
            if (prefix != null) {
                prefix.close();
            }
            memory.release(reserved);
            reserved = 0;
        }
    }
}
