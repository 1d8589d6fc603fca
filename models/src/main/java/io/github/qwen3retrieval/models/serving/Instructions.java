package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.MemoryBudget;
import io.github.qwen3retrieval.models.network.Network;
import java.nio.IntBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The instructions that queries began with of late, with their keys and values: a query has a few
 * tokens, its instruction two dozen, which are the same from search to search.
 */
final class Instructions {

    /** One for each task that an index is asked for, of few. */
    private static final int MOST = 4;

    /** Tokens of a longer one are computed with each text: they would take tens of megabytes. */
    private static final int LONGEST = 128;

    private final Network network;
    private final MemoryBudget memory;
    private final Map<IntBuffer, SharedPrefix> recent = new LinkedHashMap<>(MOST, 0.75f, true);

    /** None yet. */
    Instructions(Network network, MemoryBudget memory) {
        this.network = network;
        this.memory = memory;
    }

    /**
     * What the texts of a request begin with, for the caller to release, or null where nothing is
     * kept.
     *
     * @param ids of the instruction
     */
    synchronized SharedPrefix retain(int[] ids) {
        if (ids.length == 0 || ids.length > LONGEST) {
            return null;
        }
        SharedPrefix prefix =
                recent.computeIfAbsent(
                        IntBuffer.wrap(ids),
                        key -> new SharedPrefix(null, ids, network, memory, 1));
        prefix.retain();
        if (recent.size() > MOST) {
            Iterator<SharedPrefix> eldest = recent.values().iterator();
            SharedPrefix left = eldest.next();
            eldest.remove();
            left.release();
        }
        return prefix;
    }

    /** Lets go of all of them; to be called when no text waits any more. */
    synchronized void release() {
        recent.values().forEach(SharedPrefix::release);
        recent.clear();
    }
}
