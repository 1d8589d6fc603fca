package io.github.qwen3retrieval.models.bench;

/**
 * One thing that was measured.
 *
 * @param group what was varied or looked at, such as {@code by length}
 * @param row the case, such as {@code 256 tokens}
 * @param column the quantity with its unit, such as {@code tokens/s}
 * @param value in that unit
 * @param higherIsBetter whether a machine or program is better the higher the value is
 */
public record Figure(
        String group, String row, String column, double value, boolean higherIsBetter) {

    /** A rate: the higher the better. */
    static Figure rate(String group, String row, String column, double value) {
        return new Figure(group, row, column, value, true);
    }

    /** A cost: the lower the better. */
    static Figure cost(String group, String row, String column, double value) {
        return new Figure(group, row, column, value, false);
    }

    /** Whether two figures are of the same thing. */
    boolean sameAs(Figure other) {
        return group.equals(other.group) && row.equals(other.row) && column.equals(other.column);
    }
}
