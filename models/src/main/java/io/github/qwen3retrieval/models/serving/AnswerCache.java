package io.github.qwen3retrieval.models.serving;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Answers of models, bounded in bytes: what was not asked for the longest makes room. Only what a
 * model answered in full is put here, never a failure. Safe for use by many threads.
 */
final class AnswerCache<V> {

    /** Bytes of the heap that an entry takes beside its value: key, links and table. */
    private static final int ENTRY_BYTES = 120;

    private final long maxBytes;
    private final ToLongFunction<V> size;
    private final Map<CacheKey, V> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long hits;
    private long misses;
    private long evictions;

    /**
     * An empty cache.
     *
     * @param maxBytes what it may take of the heap; 0 keeps nothing
     * @param size bytes that a value takes
     */
    AnswerCache(long maxBytes, ToLongFunction<V> size) {
        this.maxBytes = maxBytes;
        this.size = size;
    }

    boolean isOn() {
        return maxBytes > 0;
    }

    /** The value, counted as a hit, or null, which counts nothing. */
    synchronized V get(CacheKey key) {
        V value = entries.get(key);
        hits += value == null ? 0 : 1;
        return value;
    }

    /** Counts what was not here but is being computed for somebody else. */
    synchronized void sharedHit() {
        hits++;
    }

    /** Counts what has to be computed. */
    synchronized void miss() {
        misses++;
    }

    /** Keeps a value, which nobody may change. */
    synchronized void put(CacheKey key, V value) {
        long needed = bytes(value);
        if (needed > maxBytes) {
            return;
        }
        V old = entries.put(key, value);
        bytes += needed - (old == null ? 0 : bytes(old));
        Iterator<V> oldest = entries.values().iterator();
        while (bytes > maxBytes) {
            bytes -= bytes(oldest.next());
            oldest.remove();
            evictions++;
        }
    }

    private long bytes(V value) {
        return ENTRY_BYTES + size.applyAsLong(value);
    }

    synchronized ModelsStats.Cache now() {
        return new ModelsStats.Cache(hits, misses, evictions, entries.size(), bytes);
    }
}
