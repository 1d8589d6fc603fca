package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import org.elasticsearch.core.TimeValue;

/**
 * This node's settings as far as they concern where a request is answered.
 *
 * @param defaultEmbedding the embedding model of requests that name none, or null
 * @param defaultReranker the reranker of requests that name none, or null
 * @param queryTimeout time that a query may take to be embedded
 */
public record ClusterOptions(
        String defaultEmbedding, String defaultReranker, TimeValue queryTimeout) {

    /** The model of requests that name none, or null. */
    String orDefault(ModelKind kind) {
        return kind == ModelKind.EMBEDDING ? defaultEmbedding : defaultReranker;
    }
}
