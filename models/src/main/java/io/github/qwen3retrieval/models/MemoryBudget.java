package io.github.qwen3retrieval.models;

/**
 * Native memory that weights and activations may take. Asked before anything is allocated, so that
 * a node refuses work instead of dying of it. The mapped checkpoint itself is page cache and is
 * never counted.
 */
public interface MemoryBudget {

    /** A budget without a limit, for the command line. */
    MemoryBudget UNLIMITED =
            new MemoryBudget() {
                @Override
                public void reserve(long bytes, String what) {}

                @Override
                public void release(long bytes) {}
            };

    /**
     * Takes {@code bytes} out of the budget.
     *
     * @param what what they are for, named in the failure's message
     * @throws RuntimeException if there is not so much left; nothing is taken then
     */
    void reserve(long bytes, String what);

    /** Gives back what {@link #reserve} took. */
    void release(long bytes);
}
