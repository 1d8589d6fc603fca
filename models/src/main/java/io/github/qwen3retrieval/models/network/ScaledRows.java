package io.github.qwen3retrieval.models.network;

import java.util.List;
import java.util.function.Consumer;

/**
 * Rows of numbers that are multiplied, or that came of it.
 *
 * @param columns numbers of all rows, in the type of an arithmetic, some columns of them behind
 *     others; closed with this
 * @param worth of one in each row: 1 where the numbers are not counted in steps
 */
record ScaledRows(List<SharedTensor> columns, float[] worth) implements AutoCloseable {

    /** Rows that are in one tensor. */
    ScaledRows(SharedTensor numbers, float[] worth) {
        this(List.of(numbers), worth);
    }

    /** The numbers, where they are in one tensor. */
    SharedTensor numbers() {
        return columns.getFirst();
    }

    /** How many rows. */
    int count() {
        return worth.length;
    }

    /** These rows once they are written; they are closed where that fails. */
    ScaledRows writtenBy(Consumer<ScaledRows> step) {
        boolean done = false;
        try {
            step.accept(this);
            done = true;
            return this;
        } finally {
            if (done == false) {
                close();
            }
        }
    }

    @Override
    public void close() {
        columns.forEach(SharedTensor::close);
    }
}
