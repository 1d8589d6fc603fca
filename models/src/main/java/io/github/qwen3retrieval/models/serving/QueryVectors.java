package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.Embedding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors of queries: those that are known, and those that are being computed, so that equal
 * queries at once are computed once. Who gives up does not take the vector from the others; when
 * all have, it is not computed.
 */
final class QueryVectors {

    private final AnswerCache<Embedding> known;
    private final Map<CacheKey, Flight> flights = new HashMap<>();

    QueryVectors(long maxBytes) {
        known = new AnswerCache<>(maxBytes, QueryVectors::bytes);
    }

    private static long bytes(Embedding embedding) {
        return 48 + 4L * embedding.vector().length;
    }

    boolean isOn() {
        return known.isOn();
    }

    /** The vector if it is known, or null. It is not to be changed. */
    Embedding get(CacheKey key) {
        return known.get(key);
    }

    /**
     * Lets a place wait for a vector; where it has become known since {@link #get} was asked,
     * brings it there.
     *
     * @return where the vector has to be brought to, or null if that is done or under way already
     */
    Destination join(CacheKey key, Destination place) {
        Embedding arrived;
        synchronized (this) {
            Flight underWay = flights.get(key);
            if (underWay != null) {
                underWay.places.add(place);
                known.sharedHit();
                return null;
            }
            // a flight makes its vector known before it ends
            arrived = known.get(key);
            if (arrived == null) {
                Flight flight = new Flight(key, place);
                flights.put(key, flight);
                known.miss();
                return flight;
            }
        }
        // not under the lock: whoever waits for it may do anything
        place.complete(arrived);
        return null;
    }

    ModelsStats.Cache now() {
        return known.now();
    }

    /** A vector that is being computed for one place or several. */
    private final class Flight implements Destination {

        private final CacheKey key;
        private final List<Destination> places = new ArrayList<>();

        Flight(CacheKey key, Destination place) {
            this.key = key;
            places.add(place);
        }

        @Override
        public void complete(Embedding embedding) {
            known.put(key, embedding);
            end().forEach(place -> place.complete(embedding));
        }

        @Override
        public void fail(Throwable e) {
            end().forEach(place -> place.fail(e));
        }

        /** Nobody joins from here on. */
        private List<Destination> end() {
            synchronized (QueryVectors.this) {
                flights.remove(key, this);
                return List.copyOf(places);
            }
        }

        /** Once true it stays so: whoever comes now begins anew. */
        @Override
        public boolean abandoned() {
            synchronized (QueryVectors.this) {
                boolean abandoned = places.stream().allMatch(Destination::abandoned);
                if (abandoned) {
                    flights.remove(key, this);
                }
                return abandoned;
            }
        }
    }
}
