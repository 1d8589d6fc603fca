package io.github.qwen3retrieval.models.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.qwen3retrieval.models.Embedding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryVectorsTest {

    private static final CacheKey KEY = new CacheKey(1, 2, 3, 4);
    private static final Embedding VECTOR = new Embedding(new float[] {1, 0}, 3, false);

    private final QueryVectors vectors = new QueryVectors(1 << 20);

    /** Between the look into the cache and the joining, the one who computes may have ended. */
    @Test
    void whoComesTooLateToJoinTakesWhatHasArrived() {
        Place first = new Place();
        Place late = new Place();
        assertNull(vectors.get(KEY));
        Destination flight = vectors.join(KEY, first);
        assertNotNull(flight);
        assertNull(vectors.get(KEY), "the late one looks");
        flight.complete(VECTOR);

        assertNull(vectors.join(KEY, late), "nothing is to be computed again");

        assertSame(VECTOR, first.brought.get(0));
        assertSame(VECTOR, late.brought.get(0));
        assertEquals(1, vectors.now().misses());
        assertEquals(1, vectors.now().hits());
    }

    @Test
    void afterAFailureTheNextOneBeginsAnew() {
        Destination flight = vectors.join(KEY, new Place());
        flight.fail(new IllegalStateException("the pass failed"));
        assertNotNull(vectors.join(KEY, new Place()));
        assertEquals(2, vectors.now().misses());
    }

    private static final class Place implements Destination {

        private final List<Embedding> brought = new ArrayList<>();

        @Override
        public void complete(Embedding embedding) {
            brought.add(embedding);
        }

        @Override
        public void fail(Throwable e) {}

        @Override
        public boolean abandoned() {
            return false;
        }
    }
}
