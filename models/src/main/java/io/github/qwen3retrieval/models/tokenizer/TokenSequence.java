package io.github.qwen3retrieval.models.tokenizer;

import java.util.Arrays;

/**
 * Token ids that go into a model.
 *
 * @param ids the ids; not copied, not to be changed
 * @param truncated whether the user's text was cut to make them fit
 */
public record TokenSequence(int[] ids, boolean truncated) {

    /** Whether it begins with these ids, and goes on behind them. */
    public boolean continues(int[] beginning) {
        return ids.length > beginning.length
                && Arrays.equals(ids, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
