package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.nio.file.Path;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;

/** The node's settings and folders as the options of its models. */
final class NodeOptions {

    private NodeOptions() {}

    /** Reads every setting; each was checked when the node read its configuration. */
    static ModelsOptions of(Environment environment) {
        Settings settings = environment.settings();
        return new ModelsOptions(
                natives(environment),
                Qwen3Settings.modelsFolder(settings, environment.configDir()),
                nullIfEmpty(Qwen3Settings.DEFAULT_EMBEDDING.get(settings)),
                nullIfEmpty(Qwen3Settings.DEFAULT_RERANKER.get(settings)),
                Qwen3Settings.PRECISION.get(settings),
                Qwen3Settings.modelPrecisions(settings),
                Qwen3Settings.DEVICE.get(settings),
                Qwen3Settings.THREADS.get(settings),
                Qwen3Settings.BATCH_TOKENS.get(settings),
                Qwen3Settings.QUEUE_TOKENS.get(settings));
    }

    private static Natives natives(Environment environment) {
        Path shipped = environment.pluginsDir().resolve(Qwen3Plugin.NAME).resolve("natives");
        String libtorch = Qwen3Settings.LIBTORCH_PATH.get(environment.settings());
        return new Natives(
                libtorch.isEmpty()
                        ? shipped.resolve("pytorch")
                        : environment.configDir().resolve(libtorch),
                shipped.resolve("tokenizers"));
    }

    private static String nullIfEmpty(String value) {
        return value.isEmpty() ? null : value;
    }
}
