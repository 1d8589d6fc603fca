package io.github.qwen3retrieval.models.evaluate;

import java.util.List;
import java.util.Map;

/**
 * All that one evaluation found.
 *
 * @param facts what was evaluated and how, by name
 * @param rows in the order of the table
 * @param notes what a reader of the figures has to know
 */
public record Report(Map<String, String> facts, List<RowFigures> rows, List<String> notes) {

    /** Whether every query was answered in every row. */
    public boolean complete() {
        return rows.stream().allMatch(row -> row.failed() == 0);
    }
}
