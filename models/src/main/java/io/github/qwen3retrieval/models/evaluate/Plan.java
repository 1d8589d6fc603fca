package io.github.qwen3retrieval.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which rows the table is to have.
 *
 * @param stages what finds candidates
 * @param windows candidates to rerank, none for no reranking
 * @param k hits of a search without reranking
 */
public record Plan(List<Stage> stages, List<Integer> windows, int k) {

    /** Elasticsearch's limit to {@code k} and {@code num_candidates}. */
    static final int MOST = 10_000;

    /** Checks, sorts and makes unique. */
    public Plan {
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("[--stages] must name one at least");
        }
        for (int window : windows) {
            check("--windows", window, 1);
        }
        check("--k", k, 10);
        stages = stages.stream().distinct().sorted().toList();
        windows = windows.stream().distinct().sorted().toList();
    }

    static void check(String option, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "["
                            + option
                            + "] must be between ["
                            + least
                            + "] and ["
                            + MOST
                            + "], got ["
                            + value
                            + "]");
        }
    }

    /** Whether any row embeds its queries. */
    public boolean embeds() {
        return stages.stream().anyMatch(stage -> stage != Stage.BM25);
    }

    /** Whether any row reranks. */
    public boolean reranks() {
        return windows.isEmpty() == false;
    }

    /** Hits that a search of a row returns: never more than its window, which orders no others. */
    int size(Row row) {
        return row.reranks() ? Math.min(k, row.window()) : k;
    }

    /** The rows over these fields of vectors, in the order of the table. */
    public List<Row> rows(List<VectorField> fields) {
        List<Row> rows = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage == Stage.BM25) {
                addWindows(rows, stage, null);
            } else {
                fields.forEach(field -> addWindows(rows, stage, field));
            }
        }
        return List.copyOf(rows);
    }

    private void addWindows(List<Row> rows, Stage stage, VectorField field) {
        Stream.concat(Stream.of(0), windows.stream())
                .forEach(window -> rows.add(new Row(stage, field, window)));
    }
}
