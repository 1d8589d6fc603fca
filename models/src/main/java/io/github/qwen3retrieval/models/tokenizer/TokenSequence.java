package io.github.qwen3retrieval.models.tokenizer;

/**
 * Token ids that go into a model.
 *
 * @param ids the ids; not copied, not to be changed
 * @param truncated whether the user's text was cut to make them fit
 */
public record TokenSequence(int[] ids, boolean truncated) {

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
