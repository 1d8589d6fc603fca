package io.github.qwen3retrieval.models.evaluate;

/**
 * Which models are to be evaluated and how they are asked.
 *
 * @param embedding id at the node or folder; null for the node's only one
 * @param reranker the same for reranking
 * @param instruction what the searches are for, or null for the model card's
 * @param rerankInstruction the same for the reranker
 * @param maxLength tokens after which texts are cut, or null for the default
 * @param precision what both must compute in, or null
 */
public record ModelChoice(
        String embedding,
        String reranker,
        String instruction,
        String rerankInstruction,
        Integer maxLength,
        String precision) {}
