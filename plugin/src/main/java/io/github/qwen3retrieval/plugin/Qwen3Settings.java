package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.natives.Niceness;
import io.github.qwen3retrieval.models.network.Precision;
import io.github.qwen3retrieval.models.serving.ModelsOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Setting.Property;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.unit.ByteSizeValue;
import org.elasticsearch.common.unit.RelativeByteSizeValue;
import org.elasticsearch.common.util.concurrent.EsExecutors;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.monitor.os.OsProbe;

/** All node settings of the plugin, each checked when the node reads its configuration. */
public final class Qwen3Settings {

    /** Folder of the checkpoints, one sub-folder per model; relative to the config folder. */
    public static final Setting<String> MODELS_PATH =
            Setting.simpleString("qwen3.models.path", "qwen3/models", Property.NodeScope);

    /** Whether this node runs models itself; where not, it asks nodes that do. */
    public static final Setting<Boolean> INFERENCE =
            Setting.boolSetting("qwen3.inference.enabled", true, Property.NodeScope);

    /** Time that a query may take to be embedded, on whichever node. */
    public static final Setting<TimeValue> QUERY_TIMEOUT =
            Setting.timeSetting(
                    "qwen3.query.timeout",
                    TimeValue.timeValueSeconds(30),
                    TimeValue.timeValueMillis(1),
                    Property.NodeScope);

    /** Models to open when the node starts instead of at their first request; {@code *} is all. */
    public static final Setting<List<String>> OPEN_AT_START =
            Setting.stringListSetting("qwen3.models.open_at_start", Property.NodeScope);

    /** The embedding model of requests that name none; empty for the only one there is. */
    public static final Setting<String> DEFAULT_EMBEDDING =
            Setting.simpleString("qwen3.embedding.default_model", Property.NodeScope);

    /** The reranker of requests that name none; empty for the only one there is. */
    public static final Setting<String> DEFAULT_RERANKER =
            Setting.simpleString("qwen3.reranker.default_model", Property.NodeScope);

    /** Number format of the weights, for models without a setting of their own. */
    public static final Setting<Precision> PRECISION =
            new Setting<>(
                    "qwen3.precision",
                    "auto",
                    value -> precision("qwen3.precision", value),
                    Property.NodeScope);

    private static final String MODEL_PREFIX = "qwen3.model.";
    private static final String PRECISION_SUFFIX = ".precision";

    /**
     * {@code qwen3.model.<id>.precision}. A group, since Elasticsearch's affix settings admit no
     * dot in the variable part and model names have one: {@code qwen3-embedding-0.6b}.
     */
    public static final Setting<Settings> MODEL =
            Setting.groupSetting(MODEL_PREFIX, Qwen3Settings::precisions, Property.NodeScope);

    /**
     * Searches without a model beside saturated passes were measured with it: see the figures of
     * {@code SearchLatency}.
     */
    private static final int DEFAULT_NICE = 10;

    private static final Pattern DEVICE_NAME = Pattern.compile("auto|cpu|cuda(:\\d{1,3})?");

    /** Where models run. */
    public static final Setting<String> DEVICE =
            Setting.simpleString(
                    "qwen3.device", "auto", Qwen3Settings::checkDevice, Property.NodeScope);

    /** Threads that run models. */
    public static final Setting<Integer> THREADS =
            Setting.intSetting(
                    "qwen3.threads",
                    settings -> Integer.toString(EsExecutors.allocatedProcessors(settings)),
                    1,
                    1024,
                    Property.NodeScope);

    /** How far these threads step back for those of Elasticsearch. */
    public static final Setting<Integer> NICE =
            Setting.intSetting("qwen3.nice", DEFAULT_NICE, 0, Niceness.MOST, Property.NodeScope);

    /** Tokens of one forward pass. */
    public static final Setting<Integer> BATCH_TOKENS =
            Setting.intSetting(
                    "qwen3.batch.max_tokens",
                    ModelsOptions.DEFAULT_BATCH_TOKENS,
                    1,
                    Property.NodeScope);

    /** Tokens that may wait; what comes on top is refused with 429. */
    public static final Setting<Long> QUEUE_TOKENS =
            Setting.longSetting(
                    "qwen3.queue.max_tokens",
                    ModelsOptions.DEFAULT_QUEUE_TOKENS,
                    1,
                    Property.NodeScope);

    /** Heap that vectors of queries seen before may take; 0 keeps none. */
    public static final Setting<ByteSizeValue> QUERY_VECTOR_CACHE =
            Setting.memorySizeSetting("qwen3.cache.query_vectors.size", "1%", Property.NodeScope);

    /** Heap that scores of a query's documents may take; 0 keeps none. */
    public static final Setting<ByteSizeValue> RERANK_SCORE_CACHE =
            Setting.memorySizeSetting("qwen3.cache.rerank_scores.size", "1%", Property.NodeScope);

    /** Folder of a libtorch to use instead of the one in the plugin; empty for the plugin's. */
    public static final Setting<String> LIBTORCH_PATH =
            Setting.simpleString("qwen3.libtorch.path", Property.NodeScope);

    /**
     * Native memory of weights and activations: bytes, or a share of physical memory. The default
     * leaves room beside it for a heap of the usual half and for the page cache.
     */
    public static final Setting<RelativeByteSizeValue> NATIVE_MEMORY_LIMIT =
            new Setting<>(
                    "indices.breaker.qwen3.limit",
                    "40%",
                    value ->
                            RelativeByteSizeValue.parseRelativeByteSizeValue(
                                    value, "indices.breaker.qwen3.limit"),
                    Property.NodeScope,
                    Property.Dynamic);

    private Qwen3Settings() {}

    /** What {@link Qwen3Plugin} registers. */
    static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(EndpointSettings.ALL);
        all.addAll(
                List.of(
                        INFERENCE,
                        QUERY_TIMEOUT,
                        MODELS_PATH,
                        OPEN_AT_START,
                        DEFAULT_EMBEDDING,
                        DEFAULT_RERANKER,
                        PRECISION,
                        MODEL,
                        DEVICE,
                        THREADS,
                        NICE,
                        BATCH_TOKENS,
                        QUEUE_TOKENS,
                        QUERY_VECTOR_CACHE,
                        RERANK_SCORE_CACHE,
                        LIBTORCH_PATH,
                        NATIVE_MEMORY_LIMIT));
        return all;
    }

    /** {@link #NATIVE_MEMORY_LIMIT} in bytes on this machine. */
    static long nativeMemoryLimit(Settings settings) {
        return bytes(NATIVE_MEMORY_LIMIT.get(settings));
    }

    /** A limit in bytes on this machine; a share is one of physical memory. */
    static long bytes(RelativeByteSizeValue limit) {
        long physical = OsProbe.getInstance().getTotalPhysicalMemorySize();
        return limit.calculateValue(ByteSizeValue.ofBytes(physical), null).getBytes();
    }

    /** {@link #MODELS_PATH} as a path. */
    static Path modelsFolder(Settings settings, Path configFolder) {
        return configFolder.resolve(MODELS_PATH.get(settings)).normalize();
    }

    /** The precisions of single models, by model id. */
    static Map<String, Precision> modelPrecisions(Settings settings) {
        return precisions(MODEL.get(settings));
    }

    private static Map<String, Precision> precisions(Settings models) {
        Map<String, Precision> precisions = new HashMap<>();
        for (String key : models.keySet()) {
            if (!key.endsWith(PRECISION_SUFFIX)) {
                throw new IllegalArgumentException(
                        "unknown setting ["
                                + MODEL_PREFIX
                                + key
                                + "]: the only setting of a single"
                                + " model is ["
                                + MODEL_PREFIX
                                + "<model_id>"
                                + PRECISION_SUFFIX
                                + "]");
            }
            String modelId = key.substring(0, key.length() - PRECISION_SUFFIX.length());
            precisions.put(modelId, precision(MODEL_PREFIX + key, models.get(key)));
        }
        return Map.copyOf(precisions);
    }

    private static Precision precision(String key, String value) {
        try {
            return Precision.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid setting [" + key + "]: " + e.getMessage());
        }
    }

    private static void checkDevice(String value) {
        if (!DEVICE_NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "[qwen3.device] must be one of [auto, cpu, cuda, cuda:N], got [" + value + "]");
        }
    }
}
