package io.github.qwen3retrieval.models.checkpoint;

import io.github.qwen3retrieval.models.tokenizer.TokenizerFile;
import java.util.Locale;

/** What a checkpoint was trained for. Its config.json does not say: both kinds name one network. */
public enum ModelKind {
    /** Qwen3-Embedding: text to vector. */
    EMBEDDING,
    /** Qwen3-Reranker: query and document to yes or no. */
    RERANKER;

    /**
     * Tells the kind by what the published checkpoints differ in. The tokenizer.json of
     * Qwen3-Embedding ends every text with {@code <|endoftext|>} and that of Qwen3-Reranker does
     * not. Where it does not, tensors named without {@code model.} are those of an embedding model
     * too: fine-tunes saved without the output head, some of which lose the post-processor.
     *
     * @param tokenizer the checkpoint's tokenizer.json
     * @param prefixed whether its tensors are named {@code model.…}
     */
    static ModelKind of(TokenizerFile tokenizer, boolean prefixed) {
        return tokenizer.appendsEndOfText() || prefixed == false ? EMBEDDING : RERANKER;
    }

    /** Lower case, as in the command line's options and output. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
