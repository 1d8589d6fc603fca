package io.github.qwen3retrieval.models.tokenizer;

import java.util.regex.Pattern;

/**
 * What a JSON parser has against a text, in words for users: its own name advice to programmers.
 */
public final class JsonFault {

    private static final Pattern ADVICE =
            Pattern.compile("^(?:[\\w.]+Exception: )?(?:Use JsonReader\\.\\S+ to accept )?");

    private JsonFault() {}

    /**
     * One line, such as {@code malformed JSON at line 1 column 1 path $}.
     *
     * @param e what the parser threw
     */
    public static String of(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return ADVICE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
    }
}
