/**
 * Text to token ids, exactly as the official models were fed: the prompts of Qwen3-Embedding and
 * Qwen3-Reranker around the user's text, the user's text encoded as plain text whatever it
 * contains. Texts come from the requests; the ids go to the batcher.
 */
package io.github.qwen3retrieval.models.tokenizer;
