package io.github.qwen3retrieval.models.endpoint;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One request under way: collects what is answered for its texts.
 *
 * @param <T> what is answered for one text
 * @param <R> what the request is answered with
 */
final class TextJob<T, R> {

    private final AtomicReferenceArray<Object> values;
    private final AtomicInteger missing;
    private final Function<List<T>, R> whole;
    private final CompletableFuture<R> result = new CompletableFuture<>();

    /**
     * A job without values yet.
     *
     * @param whole makes the answer of all values; null for those that are missing
     */
    TextJob(int texts, Function<List<T>, R> whole) {
        this.values = new AtomicReferenceArray<>(texts);
        this.missing = new AtomicInteger(texts);
        this.whole = whole;
    }

    /** What the caller waits for and may cancel. */
    CompletableFuture<R> result() {
        return result;
    }

    boolean done() {
        return result.isDone();
    }

    /** Takes the value of the text at a place; the last one completes the job. */
    void complete(int index, T value) {
        values.set(index, value);
        if (missing.decrementAndGet() == 0) {
            completeWithWhatThereIs();
        }
    }

    /** Completes the job; what is not there yet will be missing. */
    void completeWithWhatThereIs() {
        if (done()) {
            return;
        }
        Object[] now = IntStream.range(0, values.length()).mapToObj(values::get).toArray();
        @SuppressWarnings("unchecked") // complete() takes nothing else
        List<T> typed = (List<T>) Collections.unmodifiableList(Arrays.asList(now));
        try {
            result.complete(whole.apply(typed));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    void fail(Throwable e) {
        result.completeExceptionally(e);
    }
}
