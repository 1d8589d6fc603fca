package io.github.qwen3retrieval.spi;

/**
 * What a plugin that extends {@code qwen3-retrieval} provides, named in {@code META-INF/services}.
 * Elasticsearch makes it by its only public constructor, which takes nothing or that plugin.
 */
public interface ModelsExtension {

    /**
     * Called once, while the node loads its plugins.
     *
     * @param models to be asked no earlier than the node starts
     */
    void use(ModelAccess models);
}
