/**
 * A Hugging Face checkpoint folder as it was shipped: config.json, tokenizer.json and the
 * safetensors files, checked whole and mapped into memory. What is opened here goes to the network
 * as {@link io.github.qwen3retrieval.models.checkpoint.StoredTensor}s; nothing is converted or
 * copied on the way. Checkpoints of random weights, for tests and for sizing, are written here too.
 */
package io.github.qwen3retrieval.models.checkpoint;
