package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.Embedding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bounds of a cache, its keys, and who waits for what is being computed. */
class AnswerCacheTest {

    private static CacheKey key(String... parts) {
        CacheKey.Parts key = new CacheKey.Parts();
        for (String part : parts) {
            key.add(part);
        }
        return key.key();
    }

    @Test
    void whatWasNotAskedForMakesRoom() {
        AnswerCache<String> cache = new AnswerCache<>(10_000, String::length);
        for (int i = 0; i < 1_000; i++) {
            assertNotNull(i == 0 ? "" : cache.get(key("0")), "what is asked for stays");
            cache.put(key("" + i), "x".repeat(100));
            assertTrue(cache.now().bytes() <= 10_000);
        }
        ModelsStats.Cache now = cache.now();
        assertEquals(45, now.entries(), "of 220 bytes each");
        assertEquals(1_000 - 45, now.evictions());
        assertNull(cache.get(key("500")));
        assertNotNull(cache.get(key("999")));
        cache.put(key("large"), "x".repeat(20_000));
        assertEquals(now.entries(), cache.now().entries(), "what does not fit drives nothing out");
        cache.put(key("999"), "");
        assertEquals(now.bytes() - 100, cache.now().bytes());
    }

    @Test
    void keysTellPartsApart() {
        List<CacheKey> keys =
                List.of(
                        key("ab", "c"),
                        key("a", "bc"),
                        key("abc"),
                        key("abc", ""),
                        key("abc", null),
                        key("", "abc"),
                        key("\ud800"),
                        key("\udc00"),
                        key("\ufffd"),
                        key("?"),
                        key("x".repeat(2048)),
                        key("x".repeat(2049)),
                        key("x".repeat(4096)),
                        key("x".repeat(4095) + "y"));
        Set<CacheKey> distinct = new HashSet<>(keys);
        assertEquals(keys.size(), distinct.size());
        assertEquals(key("x".repeat(5_000), "y"), key("x".repeat(5_000), "y"));
        CacheKey.Parts shared = new CacheKey.Parts().add("a");
        assertEquals(key("a", "b"), shared.copy().add("b").key());
        assertNotEquals(key("a", "b"), shared.copy().add("c").key());
    }

    private static final class Waiter implements Destination {

        private final List<Embedding> came = new ArrayList<>();
        private boolean gone;

        @Override
        public void complete(Embedding embedding) {
            came.add(embedding);
        }

        @Override
        public void fail(Throwable e) {
            gone = true;
        }

        @Override
        public boolean abandoned() {
            return gone;
        }
    }

    @Test
    void whoGivesUpLeavesTheVectorToTheOthers() {
        QueryVectors vectors = new QueryVectors(10_000);
        Waiter first = new Waiter();
        Waiter second = new Waiter();
        Destination flight = vectors.join(key("a"), first);
        assertNull(vectors.join(key("a"), second), "it is being computed");
        first.gone = true;
        assertFalse(flight.abandoned());
        Embedding vector = new Embedding(new float[] {1}, 2, false);
        flight.complete(vector);
        assertEquals(List.of(vector), second.came);
        assertEquals(vector, vectors.get(key("a")));
    }

    @Test
    void whatNobodyWaitsForIsBegunAnewWhenItIsWanted() {
        QueryVectors vectors = new QueryVectors(10_000);
        Waiter first = new Waiter();
        Destination flight = vectors.join(key("a"), first);
        first.gone = true;
        assertTrue(flight.abandoned());
        Waiter second = new Waiter();
        assertNotNull(vectors.join(key("a"), second), "nobody waits for what is not computed");
        flight.fail(new IllegalStateException("late"));
        assertFalse(second.gone);
        assertNull(vectors.join(key("a"), new Waiter()), "the second one is still under way");
    }

    @Test
    void aFailureReachesAllAndIsNotKept() {
        QueryVectors vectors = new QueryVectors(10_000);
        Waiter first = new Waiter();
        Waiter second = new Waiter();
        Destination flight = vectors.join(key("a"), first);
        vectors.join(key("a"), second);
        flight.fail(new IllegalStateException("no"));
        assertTrue(first.gone && second.gone);
        assertNull(vectors.get(key("a")));
        assertNotNull(vectors.join(key("a"), new Waiter()), "the next one tries again");
    }
}
