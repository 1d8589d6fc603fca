package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.natives.Natives;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import io.github.qwen3retrieval.plugin.cluster.ClusterOptions;
import java.nio.file.Path;
import java.util.List;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;

/**
 * What a node's settings and folders say of its models.
 *
 * @param inference whether it runs models at all
 * @param models which, and how
 * @param openAtStart ids of models to open when the node starts; {@code *} is all
 */
record NodeOptions(boolean inference, ModelsOptions models, List<String> openAtStart) {

    /** Reads every setting; each was checked when the node read its configuration. */
    static NodeOptions of(Environment environment) {
        Settings settings = environment.settings();
        return new NodeOptions(
                Qwen3Settings.INFERENCE.get(settings),
                models(environment, settings),
                Qwen3Settings.OPEN_AT_START.get(settings));
    }

    /** What concerns requests to other nodes. */
    static ClusterOptions cluster(Settings settings) {
        return new ClusterOptions(
                nullIfEmpty(Qwen3Settings.DEFAULT_EMBEDDING.get(settings)),
                nullIfEmpty(Qwen3Settings.DEFAULT_RERANKER.get(settings)),
                Qwen3Settings.QUERY_TIMEOUT.get(settings));
    }

    private static ModelsOptions models(Environment environment, Settings settings) {
        Path folder = Qwen3Settings.modelsFolder(settings, environment.configDir());
        return ModelsOptions.builder(natives(environment), folder)
                .defaultModels(
                        nullIfEmpty(Qwen3Settings.DEFAULT_EMBEDDING.get(settings)),
                        nullIfEmpty(Qwen3Settings.DEFAULT_RERANKER.get(settings)))
                .precision(Qwen3Settings.PRECISION.get(settings))
                .precisions(Qwen3Settings.modelPrecisions(settings))
                .device(Qwen3Settings.DEVICE.get(settings))
                .threads(Qwen3Settings.THREADS.get(settings))
                .nice(Qwen3Settings.NICE.get(settings))
                .batchTokens(Qwen3Settings.BATCH_TOKENS.get(settings))
                .queueTokens(Qwen3Settings.QUEUE_TOKENS.get(settings))
                .caches(
                        Qwen3Settings.QUERY_VECTOR_CACHE.get(settings).getBytes(),
                        Qwen3Settings.RERANK_SCORE_CACHE.get(settings).getBytes())
                .build();
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
