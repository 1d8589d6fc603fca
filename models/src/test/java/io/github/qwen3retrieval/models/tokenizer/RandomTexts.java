package io.github.qwen3retrieval.models.tokenizer;

import java.util.List;
import java.util.Random;

/** Random texts that are hard on a tokenizer: marks that compose, odd spaces, scripts, emoji. */
public final class RandomTexts {

    private static final List<String> PIECES =
            List.of(
                    "a",
                    "word",
                    " ",
                    "  ",
                    "\t",
                    "\n",
                    "\r\n",
                    "\r",
                    "\n\n",
                    "é",
                    "e\u0301",
                    "\u0301",
                    "\u0338",
                    "\u0327",
                    "\u200d",
                    "\u200b",
                    "\u00a0",
                    "\u3000",
                    "\u2028",
                    "\u0000",
                    "\u001b",
                    "\u007f",
                    "\ufeff",
                    "\ufffd",
                    "中文",
                    "日本語",
                    "한국어",
                    "\u1100\u1161",
                    "\u11a8",
                    "ไทย",
                    "עברית",
                    "العربية",
                    "\u0651",
                    "हिन्दी",
                    "\u094d",
                    "Ελλάδα",
                    "Ωмега",
                    "😀",
                    "👩‍👩‍👧",
                    "🇩🇪",
                    "𝒳",
                    "0",
                    "12345",
                    "٣",
                    "½",
                    ":",
                    "::",
                    ">",
                    "<",
                    "<Document>:",
                    "...",
                    "!?",
                    "'s",
                    "'LL",
                    "don't",
                    "_",
                    "$",
                    "#include <x>",
                    "{\"a\": [1]}",
                    "if (a<b) {",
                    "https://x.y/z?q=1",
                    "ﬁ",
                    "Å",
                    "K",
                    "ſ",
                    "İ",
                    "ß",
                    "<|im_end|>",
                    "<|endoftext|>",
                    "</think>");

    private RandomTexts() {}

    /** Up to twelve pieces, now and then a random character between them. */
    public static String next(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(13);
        for (int i = 0; i < pieces; i++) {
            if (random.nextInt(4) == 0) {
                text.appendCodePoint(codePoint(random));
            } else {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return text.toString();
    }

    private static int codePoint(Random random) {
        int codePoint;
        do {
            codePoint = random.nextInt(random.nextBoolean() ? 0x3000 : 0x110000);
        } while (codePoint >= 0xD800 && codePoint <= 0xDFFF);
        return codePoint;
    }
}
