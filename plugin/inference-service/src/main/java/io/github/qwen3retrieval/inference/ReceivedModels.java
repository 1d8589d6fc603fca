package io.github.qwen3retrieval.inference;

import io.github.qwen3retrieval.spi.ModelAccess;
import io.github.qwen3retrieval.spi.ModelsExtension;

/** Where the plugin {@code qwen3-retrieval} hands over its models. */
public final class ReceivedModels implements ModelsExtension {

    private final Qwen3InferencePlugin plugin;

    /** Made by Elasticsearch. */
    public ReceivedModels(Qwen3InferencePlugin plugin) {
        this.plugin = plugin;
    }

    @Override
    public void use(ModelAccess models) {
        plugin.receive(models);
    }
}
