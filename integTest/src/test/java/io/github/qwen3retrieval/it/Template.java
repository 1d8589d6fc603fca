package io.github.qwen3retrieval.it;

import java.util.Locale;

/** Texts of requests with places for values. */
final class Template {

    private Template() {}

    /** The text with each {@code %s} or {@code %d} replaced, the same in every locale. */
    static String fill(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
