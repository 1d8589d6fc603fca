package io.github.qwen3retrieval.models.tokenizer;

import io.github.qwen3retrieval.models.EmbeddingRequest.InputType;
import java.util.Arrays;

/**
 * What Qwen3-Embedding reads for a text: {@code Instruct: {task}\nQuery:{text}} or the bare text,
 * then exactly one {@code <|endoftext|>}, whose hidden state becomes the vector and which therefore
 * survives truncation.
 */
public final class EmbeddingPrompt {

    private final Qwen3Tokenizer tokenizer;
    private final String prefix;
    private final int maxLength;

    /**
     * A prompt for texts of one request.
     *
     * @param inputType a query carries an instruction, a document only where one is given
     * @param instruction the task, or null for the default: the web-search task for queries, no
     *     prefix for documents
     * @param maxLength most tokens of a sequence, the closing one included; at least 2
     * @throws IllegalArgumentException if instruction and closing token leave no room for a text
     */
    public EmbeddingPrompt(
            Qwen3Tokenizer tokenizer, InputType inputType, String instruction, int maxLength) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.prefix = prefix(inputType, instruction);
        if (maxLength < 2) {
            throw new IllegalArgumentException(
                    "[max_length] must be at least [2], got [" + maxLength + "]");
        }
        int taken = tokenizer.encodeHead(prefix, maxLength).length;
        if (taken > maxLength - 2) {
            throw new IllegalArgumentException(
                    "[instruction] takes ["
                            + taken
                            + "] of the ["
                            + maxLength
                            + "] tokens of [max_length], which leaves none for the text; shorten"
                            + " it or raise [max_length] to at least ["
                            + (taken + 2)
                            + "]");
        }
    }

    /**
     * The ids that the texts begin with: those of the instruction up to the colon behind it, which
     * may be one token with the beginning of a text. Whoever relies on them compares; none where
     * there is no instruction.
     */
    public int[] shared() {
        return prefix.isEmpty()
                ? new int[0]
                : tokenizer.encodeHead(prefix.substring(0, prefix.length() - 1), maxLength);
    }

    /** The ids of a text with all that belongs around it. */
    public TokenSequence encode(String text) {
        int[] body = tokenizer.encodeHead(prefix + text, maxLength);
        int kept = Math.min(body.length, maxLength - 1);
        int[] ids = Arrays.copyOf(body, kept + 1);
        ids[kept] = tokenizer.endOfText();
        return new TokenSequence(ids, kept < body.length);
    }

    private static String prefix(InputType inputType, String instruction) {
        if (instruction != null) {
            return Templates.embeddingPrefix(instruction);
        }
        return inputType == InputType.QUERY
                ? Templates.embeddingPrefix(Templates.DEFAULT_INSTRUCTION)
                : "";
    }
}
