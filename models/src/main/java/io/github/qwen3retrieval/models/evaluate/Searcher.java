package io.github.qwen3retrieval.models.evaluate;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is evaluated. Asked by one thread, one query after the other. */
public interface Searcher extends AutoCloseable {

    /**
     * An answer.
     *
     * @param hits in any order
     * @param millis what it took, waiting for another try after a refusal left out
     */
    record Answer(List<Hit> hits, double millis) {}

    /**
     * Everything but the query on which the answers of a row depend, by name: answers are kept for
     * a later run only where all of it is equal.
     */
    Map<String, String> parameters(Row row);

    /** Makes ready for a row: opens what would make its first answer slow. */
    void prepare(Row row) throws IOException, InterruptedException;

    /**
     * Searches.
     *
     * @throws SearchFailedException if this query was refused; the next one may succeed
     * @throws IOException if there is no going on
     */
    Answer search(Row row, Query query) throws IOException, InterruptedException;

    /** How many answers of models came out of a cache so far: these took no time. */
    long cached() throws IOException, InterruptedException;

    @Override
    void close();
}
