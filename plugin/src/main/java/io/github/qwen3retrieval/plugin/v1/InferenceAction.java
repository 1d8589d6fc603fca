package io.github.qwen3retrieval.plugin.v1;

import org.elasticsearch.action.ActionType;

/**
 * The action {@value #NAME}: embeds or reranks for a caller that names texts itself. Processor,
 * query vector builder, rescorer and retriever do not pass through it: they need no privilege
 * beside those of indexing and searching.
 */
public final class InferenceAction {

    /** Within the cluster privilege {@code monitor}; a role may grant it alone by this name. */
    public static final String NAME = "cluster:monitor/qwen3/inference";

    /** Key of the action. */
    public static final ActionType<InferenceResponse> TYPE = new ActionType<>(NAME);

    private InferenceAction() {}
}
