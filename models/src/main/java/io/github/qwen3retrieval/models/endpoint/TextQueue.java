package io.github.qwen3retrieval.models.endpoint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/**
 * Texts that wait for a call to their endpoint: those of searches first, requests in turns, those
 * of one request in their order.
 *
 * @param <T> what is answered for one text
 */
final class TextQueue<T> {

    /** Texts that may wait: several large bulks. */
    static final int MAX_TEXTS = 20_000;

    /** Characters that may wait: they are on the heap. */
    static final long MAX_CHARACTERS = 64_000_000;

    private final String endpoint;
    private final int batchSize;
    private final Map<Form<T>, ArrayDeque<Waiting<T>>> searches = new LinkedHashMap<>();
    private final Map<Form<T>, ArrayDeque<Waiting<T>>> ingests = new LinkedHashMap<>();
    private int texts;
    private long characters;

    TextQueue(String endpoint, int batchSize) {
        this.endpoint = endpoint;
        this.batchSize = batchSize;
    }

    /** One text, and where its answer goes. */
    record Waiting<T>(Form<T> form, String text, TextJob<T, ?> job, int index) {

        void complete(T value) {
            job.complete(index, value);
        }
    }

    /**
     * Takes texts in, all or none.
     *
     * @throws RejectedExecutionException if too many wait
     */
    synchronized void add(List<Waiting<T>> waiting, boolean search) {
        long added = waiting.stream().mapToLong(each -> each.text().length()).sum();
        if (full(waiting.size(), added)) {
            removeAbandoned(searches);
            removeAbandoned(ingests);
        }
        if (full(waiting.size(), added)) {
            throw new RejectedExecutionException(
                    "["
                            + texts
                            + "] texts of ["
                            + characters
                            + "] characters wait for "
                            + endpoint
                            + "; [max texts "
                            + MAX_TEXTS
                            + ", characters "
                            + MAX_CHARACTERS
                            + "], send smaller bulks or fewer at once");
        }
        texts += waiting.size();
        characters += added;
        Map<Form<T>, ArrayDeque<Waiting<T>>> lane = search ? searches : ingests;
        for (Waiting<T> each : waiting) {
            lane.computeIfAbsent(each.form(), form -> new ArrayDeque<>()).add(each);
        }
    }

    /** One request alone may be as large as it likes: its texts are on the heap already. */
    private boolean full(int moreTexts, long moreCharacters) {
        return texts > 0
                && (texts + moreTexts > MAX_TEXTS || characters + moreCharacters > MAX_CHARACTERS);
    }

    private void removeAbandoned(Map<Form<T>, ArrayDeque<Waiting<T>>> lane) {
        Iterator<ArrayDeque<Waiting<T>>> queues = lane.values().iterator();
        while (queues.hasNext()) {
            ArrayDeque<Waiting<T>> queue = queues.next();
            queue.removeIf(each -> each.job().done() && left(each));
            if (queue.isEmpty()) {
                queues.remove();
            }
        }
    }

    private boolean left(Waiting<T> each) {
        texts--;
        characters -= each.text().length();
        return true;
    }

    /** The next batch, all of one form, without texts that nobody waits for; empty if none. */
    synchronized List<Waiting<T>> next() {
        List<Waiting<T>> batch = next(searches);
        return batch.isEmpty() ? next(ingests) : batch;
    }

    private List<Waiting<T>> next(Map<Form<T>, ArrayDeque<Waiting<T>>> lane) {
        List<Waiting<T>> batch = new ArrayList<>();
        while (batch.isEmpty() && lane.isEmpty() == false) {
            Form<T> form = lane.keySet().iterator().next();
            ArrayDeque<Waiting<T>> queue = lane.remove(form);
            while (queue.isEmpty() == false && batch.size() < batchSize) {
                Waiting<T> each = queue.poll();
                left(each);
                if (each.job().done() == false) {
                    batch.add(each);
                }
            }
            if (queue.isEmpty() == false) {
                lane.put(form, queue);
            }
        }
        return batch;
    }

    /** How many texts wait. */
    synchronized int size() {
        return texts;
    }
}
