package io.github.qwen3retrieval.models.evaluate;

/**
 * A row of the table: one way to search.
 *
 * @param stage what finds the candidates
 * @param field where it looks for vectors; null with {@link Stage#BM25}
 * @param window candidates that are reranked, 0 where none are
 */
public record Row(Stage stage, VectorField field, int window) {

    /** Whether the query has to be embedded. */
    public boolean embeds() {
        return field != null;
    }

    /** Whether hits are reranked. */
    public boolean reranks() {
        return window > 0;
    }

    /** What its rows of other windows share. */
    public String series() {
        return field == null ? stage.label() : stage.label() + " " + field.label();
    }

    /** As tables call it. */
    public String label() {
        return reranks() ? series() + " + rerank " + window : series();
    }

    /** As files are called: letters, digits, dots, dashes. */
    public String fileName() {
        String name = stage + (field == null ? "" : "-" + field.name());
        String all = reranks() ? name + "-rerank-" + window : name;
        return all.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
