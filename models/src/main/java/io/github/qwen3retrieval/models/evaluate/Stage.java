package io.github.qwen3retrieval.models.evaluate;

import java.util.Arrays;
import java.util.Locale;

/** What finds the candidates. */
public enum Stage {
    /** Words. */
    BM25("BM25"),
    /** Vectors. */
    KNN("kNN"),
    /** Both: the union of their candidates. */
    HYBRID("BM25 ∪ kNN");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** As tables call it. */
    public String label() {
        return label;
    }

    /**
     * By the name that the option takes.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Stage parse(String name) {
        return Arrays.stream(values())
                .filter(stage -> stage.toString().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "[--stages] must be of "
                                                + Arrays.toString(values())
                                                + ", got ["
                                                + name
                                                + "]"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
