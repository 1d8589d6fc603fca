package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What routing needs.
 *
 * @param here what this node serves
 * @param calls to the others
 * @param catalogue who has what
 * @param options this node's settings
 * @param executor for what may take longer than a transport thread has
 */
record RouterServices(
        Served here,
        NodeCalls calls,
        Catalogue catalogue,
        ClusterOptions options,
        Executor executor) {

    View.Wanted wanted(String modelId, ModelKind kind) {
        return new View.Wanted(modelId, options.orDefault(kind), kind);
    }

    /** About how many tokens texts have: a quarter of their characters, as in English. */
    static long tokens(List<String> texts) {
        return texts.stream().mapToLong(text -> text.length() / 4 + 1).sum();
    }
}
