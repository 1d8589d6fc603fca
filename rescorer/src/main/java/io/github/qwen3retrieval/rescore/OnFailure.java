package io.github.qwen3retrieval.rescore;

import java.util.Locale;

/** What a search does when hits could not be reranked: time ran out, or the model failed. */
public enum OnFailure {
    /** Answers with the first-stage order of those hits, below every reranked one, and warns. */
    KEEP_ORDER,
    /** Fails. */
    FAIL;

    /**
     * The value of parameter {@code on_failure}.
     *
     * @throws IllegalArgumentException if it is neither {@code keep_order} nor {@code fail}
     */
    public static OnFailure parse(String value) {
        for (OnFailure choice : values()) {
            if (choice.toString().equals(value)) {
                return choice;
            }
        }
        throw new IllegalArgumentException(
                "[on_failure] must be [keep_order] or [fail], got [" + value + "]");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
