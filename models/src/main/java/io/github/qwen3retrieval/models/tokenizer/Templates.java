package io.github.qwen3retrieval.models.tokenizer;

import io.github.qwen3retrieval.models.RerankRequest;

/**
 * The words around the user's text, to the letter as the models were trained on them.
 *
 * <p>Source: the model cards of Qwen/Qwen3-Embedding-0.6B and Qwen/Qwen3-Reranker-0.6B on Hugging
 * Face, sections on usage with transformers.
 */
public final class Templates {

    /** The web-search task of both model cards. */
    public static final String DEFAULT_INSTRUCTION = RerankRequest.DEFAULT_INSTRUCTION;

    /** Up to the reranker's instruction; special tokens count. */
    public static final String RERANK_PREFIX =
            "<|im_start|>system\nJudge whether the Document meets the requirements based on the"
                    + " Query and the Instruct provided. Note that the answer can only be \"yes\" or"
                    + " \"no\".<|im_end|>\n<|im_start|>user\n";

    /** Behind the reranker's document, up to its answer; special tokens count. */
    public static final String RERANK_SUFFIX =
            "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n";

    private Templates() {}

    /** What stands before a text that is embedded with an instruction; no space follows it. */
    public static String embeddingPrefix(String instruction) {
        return "Instruct: " + instruction + "\nQuery:";
    }

    /** The part of the reranker's prompt that all documents of a query share. */
    public static String rerankBody(String instruction, String query) {
        return "<Instruct>: " + instruction + "\n<Query>: " + query + "\n<Document>:";
    }
}
