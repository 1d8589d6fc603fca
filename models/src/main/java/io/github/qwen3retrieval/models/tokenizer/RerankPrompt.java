package io.github.qwen3retrieval.models.tokenizer;

import java.util.Arrays;

/**
 * What Qwen3-Reranker reads for a query and its documents, cut where all documents share it: a
 * prefix up to the colon of {@code <Document>:}, and a tail that begins with the space behind it.
 *
 * <p>The official code encodes instruction, query and document as one string. Cutting behind the
 * colon gives the same ids: the pre-tokenizer's expression ends a run of punctuation at a space
 * whatever follows, no token spans two of its pieces, and no character composes with the space
 * under NFC.
 */
public final class RerankPrompt {

    private final Qwen3Tokenizer tokenizer;
    private final int[] prefix;
    private final int[] suffix;
    private final int room;

    /**
     * The prompt of one query.
     *
     * @param instruction what makes a document fit, or null for the web-search task
     * @param maxLength most tokens of a whole prompt
     * @throws IllegalArgumentException if the query leaves no room for a document
     */
    public RerankPrompt(Qwen3Tokenizer tokenizer, String query, String instruction, int maxLength) {
        String task = instruction == null ? Templates.DEFAULT_INSTRUCTION : instruction;
        int[] system = template(tokenizer);
        int[] shared = tokenizer.encodeHead(Templates.rerankBody(task, query), maxLength);
        this.tokenizer = tokenizer;
        this.suffix = tokenizer.encodeTemplate(Templates.RERANK_SUFFIX);
        this.prefix = join(system, shared, system.length);
        this.room = maxLength - prefix.length - suffix.length;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "query and instruction take ["
                            + shared.length
                            + "] tokens and the template ["
                            + (system.length + suffix.length)
                            + "], which leaves none of the ["
                            + maxLength
                            + "] of [max_length] for a document; shorten them or raise"
                            + " [max_length] to at least ["
                            + (maxLength - room + 1)
                            + "]");
        }
    }

    /** The ids that {@link #prefix()} begins with, whatever the query. */
    public static int[] template(Qwen3Tokenizer tokenizer) {
        return tokenizer.encodeTemplate(Templates.RERANK_PREFIX);
    }

    /** The ids that every prompt of this query begins with; not to be changed. */
    public int[] prefix() {
        return prefix;
    }

    /**
     * The ids behind {@link #prefix()}: the document, its end cut to fit, and the template's end.
     */
    public TokenSequence tail(String document) {
        int[] body = tokenizer.encodeHead(" " + document, room + 1);
        int kept = Math.min(body.length, room);
        return new TokenSequence(join(body, suffix, kept), kept < body.length);
    }

    private static int[] join(int[] first, int[] second, int keptOfFirst) {
        int[] joined = Arrays.copyOf(first, keptOfFirst + second.length);
        System.arraycopy(second, 0, joined, keptOfFirst, second.length);
        return joined;
    }
}
