package io.github.qwen3retrieval.models.bench;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.tokenizer.Qwen3Tokenizer;
import io.github.qwen3retrieval.models.tokenizer.RerankPrompt;
import java.nio.file.Path;

/**
 * Tokens of a prompt around its text; none for documents to embed, whose closing token is counted
 * as theirs.
 *
 * @param template tokens that all texts of all requests begin with, computed once
 * @param before tokens that all texts of a request share, computed once; those of the template
 *     among them
 * @param behind tokens behind each text
 */
record PromptSize(int template, int before, int behind) {

    /** The size for a kind of model, by its tokenizer. */
    static PromptSize of(ModelKind kind, Path tokenizerJson, int maxLength) {
        if (kind == ModelKind.EMBEDDING) {
            return new PromptSize(0, 0, 0);
        }
        try (Qwen3Tokenizer tokenizer = Qwen3Tokenizer.open(tokenizerJson)) {
            RerankPrompt prompt = rerankPrompt(tokenizer, maxLength);
            int text = 1;
            return new PromptSize(
                    RerankPrompt.template(tokenizer).length,
                    prompt.prefix().length,
                    prompt.tail("ice").ids().length - text);
        }
    }

    /** The prompt of the sample query. */
    static RerankPrompt rerankPrompt(Qwen3Tokenizer tokenizer, int maxLength) {
        return new RerankPrompt(tokenizer, SampleTexts.QUERY, null, maxLength);
    }

    /** Tokens of the prompt around a text of so many. */
    int whole(int length) {
        return before + length + behind;
    }
}
