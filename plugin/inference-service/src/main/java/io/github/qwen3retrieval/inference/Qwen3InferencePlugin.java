package io.github.qwen3retrieval.inference;

import io.github.qwen3retrieval.spi.ModelAccess;
import java.util.List;
import org.apache.lucene.util.SetOnce;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.inference.ServiceSettings;
import org.elasticsearch.inference.TaskSettings;
import org.elasticsearch.plugins.Plugin;

/** The plugin; what it does is found by the two plugins that it extends. */
public final class Qwen3InferencePlugin extends Plugin {

    private final SetOnce<ModelAccess> models = new SetOnce<>();

    /** Keeps the models that the plugin {@code qwen3-retrieval} gives. */
    void receive(ModelAccess access) {
        models.set(access);
    }

    /** The models, once all plugins are loaded. */
    ModelAccess models() {
        return models.get();
    }

    @Override
    public List<NamedWriteableRegistry.Entry> getNamedWriteables() {
        return List.of(
                new NamedWriteableRegistry.Entry(
                        ServiceSettings.class, EmbeddingSettings.NAME, EmbeddingSettings::new),
                new NamedWriteableRegistry.Entry(
                        ServiceSettings.class, RerankSettings.NAME, RerankSettings::new),
                new NamedWriteableRegistry.Entry(
                        TaskSettings.class, PromptSettings.NAME, PromptSettings::new));
    }
}
