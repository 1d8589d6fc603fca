package io.github.qwen3retrieval.models.evaluate;

/** Told how the work goes on. */
public interface Meter {

    /**
     * Work begins, or goes on after an interruption.
     *
     * @param what it is
     * @param unit that it is counted in, in the plural
     * @param done how much of it is there already
     * @param total how much it is
     */
    void begin(String what, String unit, long done, long total);

    /** How much of it is there by now. */
    void done(long count);

    /** Something worth a line of its own. */
    void note(String line);
}
