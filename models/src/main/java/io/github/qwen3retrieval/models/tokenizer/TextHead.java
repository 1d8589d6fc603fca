package io.github.qwen3retrieval.models.tokenizer;

import java.util.function.Function;

/**
 * The first ids of a long text, without tokenising all of it: a model reads some thousand tokens,
 * and a text may have millions.
 *
 * <p>The text is cut where its ids are surely cut too. The pre-tokenizer's expression goes from
 * left to right, looks ahead at white space alone, and ends a piece between a letter or digit and a
 * space whatever stands around them, and between a letter and punctuation or a line break; no token
 * spans two pieces, and nothing composes with these characters under NFC. A text that has no such
 * place for a hundred thousand characters is none that anybody wrote: it is cut in the middle, far
 * behind the ids that are wanted, so that the time it takes stays bounded.
 */
final class TextHead {

    /** Shorter texts are not cut: that takes a tenth of a second at most. */
    static final int MIN_CHARS = 1 << 16;

    private static final int CHARS_PER_TOKEN = 16;

    private static final String ENDS = " \n.,!?\u3002\uff0c\u3001\uff01\uff1f";

    private final Function<String, int[]> encoder;
    private final int minChars;

    /**
     * A head of the texts that an encoder encodes.
     *
     * @param minChars where a text is cut at the earliest
     */
    TextHead(Function<String, int[]> encoder, int minChars) {
        this.encoder = encoder;
        this.minChars = minChars;
    }

    /** The first ids of a text: as many as are wanted or more, unless it has fewer. */
    int[] encode(String text, int wanted) {
        long chars = Math.max(minChars, (long) CHARS_PER_TOKEN * wanted);
        while (2 * chars < text.length()) {
            int end = sureEnd(text, (int) chars, (int) (2 * chars));
            boolean sure = end > 0;
            int[] ids = encoder.apply(text.substring(0, sure ? end : wholeEnd(text, 2 * chars)));
            long enough = sure ? wanted : 2L * wanted;
            if (ids.length >= enough) {
                return ids;
            }
            // tokens may be as long as a hundred spaces: go on by what they were here
            chars = Math.max(2 * chars, chars * enough / Math.max(1, ids.length));
        }
        return encoder.apply(text);
    }

    /** The first place in a range where the ids are cut too, or 0. */
    private static int sureEnd(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char before = text.charAt(i - 1);
            char after = text.charAt(i);
            if (ENDS.indexOf(after) >= 0
                    && (isLetter(before) || (after == ' ' && Character.isLetterOrDigit(before)))) {
                return i;
            }
        }
        return 0;
    }

    /** Letters in every version of Unicode, and so to every library. */
    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '\u3041' && c <= '\u3094')
                || (c >= '\u30a1' && c <= '\u30fa')
                || (c >= '\u4e00' && c <= '\u9fa5')
                || (c >= '\uac00' && c <= '\ud7a3');
    }

    /** A place that does not halve a character. */
    private static int wholeEnd(String text, long at) {
        int end = (int) at;
        return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }
}
