package io.github.qwen3retrieval.inference;

import java.util.List;
import org.elasticsearch.inference.InferenceServiceExtension;

/** By which x-pack-inference finds the service. */
public final class Qwen3ServiceExtension implements InferenceServiceExtension {

    private final Qwen3InferencePlugin plugin;

    /** Made by Elasticsearch. */
    public Qwen3ServiceExtension(Qwen3InferencePlugin plugin) {
        this.plugin = plugin;
    }

    @Override
    public List<Factory> getInferenceServiceFactories() {
        return List.of(
                context ->
                        new Qwen3InferenceService(
                                plugin::models, new TimedCalls(context.threadPool())));
    }
}
