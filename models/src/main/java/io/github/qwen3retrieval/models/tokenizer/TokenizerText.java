package io.github.qwen3retrieval.models.tokenizer;

import io.github.qwen3retrieval.models.ModelException;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * A tokenizer.json that was read once: it has 11 MB, and opening a model takes both of what is made
 * of it. To be let go of when the tokenizer is open.
 *
 * @param file where it was read from
 * @param contents what it says beside its vocabulary
 * @param plainJson its text less what would treat some texts unlike others or touch the ids
 *     afterwards: added tokens, truncation, padding and post-processor. A tokenizer built of it
 *     encodes {@code <|im_end|>} as the ten characters that it is, and every other text as the
 *     official one does
 */
public record TokenizerText(Path file, TokenizerFile contents, String plainJson) {

    /**
     * Reads a tokenizer.json.
     *
     * @throws ModelException if it is missing, damaged or without a vocabulary
     */
    public static TokenizerText read(Path file) {
        StringWriter plain = new StringWriter();
        TokenizerFile contents = TokenizerFile.scan(file, plain);
        return new TokenizerText(file, contents, plain.toString());
    }
}
