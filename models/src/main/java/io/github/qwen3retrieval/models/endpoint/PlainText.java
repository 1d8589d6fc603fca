package io.github.qwen3retrieval.models.endpoint;

import java.util.regex.Pattern;

/**
 * Texts of users within prompts that another tokenizer reads. It would take what looks like a
 * special token for one: a document could close the question with {@code <|im_end|>} and answer it
 * for itself. A space behind the bracket makes plain characters of it.
 */
final class PlainText {

    private static final Pattern SPECIAL = Pattern.compile("<(?=\\||/?(?:think|tool_\\w+)>)");

    private PlainText() {}

    /** The text, with no special token in it. */
    static String of(String text) {
        return SPECIAL.matcher(text).replaceAll("< ");
    }
}
