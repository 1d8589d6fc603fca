package io.github.qwen3retrieval.models.network;

/**
 * Java's vectors, which {@link io.github.qwen3retrieval.models.rows} is written with: a module that
 * Java has only where it was started with it, as Elasticsearch's own jvm.options does.
 */
final class JavaVectors {

    /** Name of the module. */
    static final String MODULE = "jdk.incubator.vector";

    private JavaVectors() {}

    /** Whether this Java has them. */
    static boolean present() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }
}
