/** Figures against trec_eval's, readers against bad files, answers kept across interruptions. */
package io.github.qwen3retrieval.models.evaluate;
