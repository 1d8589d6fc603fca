package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions;
import io.github.qwen3retrieval.models.endpoint.EndpointOptions.Prompts;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.elasticsearch.common.settings.SecureSetting;
import org.elasticsearch.common.settings.SecureString;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Setting.AffixSetting;
import org.elasticsearch.common.settings.Setting.Property;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.core.TimeValue;

/**
 * The settings {@code qwen3.endpoint.<model_id>.…} of remote models. Elasticsearch admits no dot in
 * such a {@code model_id}.
 */
final class EndpointSettings {

    private static final String PREFIX = "qwen3.endpoint.";

    private static final AffixSetting<String> URL =
            affix("url", key -> text(key, "", value -> checkUrl(key, value)));

    private static final AffixSetting<ModelKind> KIND =
            affix("kind", key -> word(key, ModelKind.class, ModelKind.EMBEDDING));

    private static final AffixSetting<String> MODEL = affix("model", key -> text(key, "", v -> {}));

    private static final AffixSetting<Integer> DIMENSIONS = affix("dimensions", number(0, 0));

    private static final AffixSetting<Integer> BATCH_SIZE = affix("batch_size", number(10, 1));

    private static final AffixSetting<Integer> MAX_CALLS =
            affix("max_concurrent_requests", number(4, 1));

    private static final AffixSetting<TimeValue> TIMEOUT =
            affix(
                    "timeout",
                    key ->
                            Setting.timeSetting(
                                    key,
                                    TimeValue.timeValueSeconds(30),
                                    TimeValue.timeValueMillis(1),
                                    Property.NodeScope));

    private static final AffixSetting<Integer> MAX_RETRIES = affix("max_retries", number(3, 0));

    private static final AffixSetting<Prompts> PROMPTS =
            affix("prompts", key -> word(key, Prompts.class, Prompts.PLUGIN));

    private static final AffixSetting<String> AUTH_SCHEME =
            affix("auth_scheme", key -> text(key, "Bearer", value -> checkScheme(key, value)));

    private static final AffixSetting<SecureString> API_KEY =
            affix("api_key", key -> SecureSetting.secureString(key, null));

    /** What {@link Qwen3Settings} registers. */
    static final List<Setting<?>> ALL =
            List.of(
                    URL,
                    KIND,
                    MODEL,
                    DIMENSIONS,
                    BATCH_SIZE,
                    MAX_CALLS,
                    TIMEOUT,
                    MAX_RETRIES,
                    PROMPTS,
                    AUTH_SCHEME,
                    API_KEY);

    private EndpointSettings() {}

    /**
     * The endpoints that are set.
     *
     * @throws IllegalArgumentException if one is not whole; the message names the setting
     */
    static List<EndpointOptions> of(Settings settings) {
        Set<String> ids = new TreeSet<>();
        for (Setting<?> setting : ALL) {
            ids.addAll(((AffixSetting<?>) setting).getNamespaces(settings));
        }
        return ids.stream().map(id -> of(settings, id)).toList();
    }

    private static EndpointOptions of(Settings settings, String id) {
        String url = value(URL, settings, id);
        if (url.isEmpty()) {
            throw new IllegalArgumentException(
                    "[" + PREFIX + id + ".url] is required for the endpoint [" + id + "]");
        }
        ModelKind kind = value(KIND, settings, id);
        int dimensions = value(DIMENSIONS, settings, id);
        if (kind == ModelKind.EMBEDDING && dimensions == 0) {
            throw new IllegalArgumentException(
                    "["
                            + PREFIX
                            + id
                            + ".dimensions] is required: the length of the vectors that the"
                            + " service gives when it is not asked for another");
        }
        String model = value(MODEL, settings, id);
        return new EndpointOptions(
                id,
                kind,
                URI.create(url),
                model.isEmpty() ? id : model,
                kind == ModelKind.EMBEDDING ? dimensions : 0,
                value(BATCH_SIZE, settings, id),
                value(MAX_CALLS, settings, id),
                Duration.ofNanos(value(TIMEOUT, settings, id).nanos()),
                value(MAX_RETRIES, settings, id),
                value(PROMPTS, settings, id),
                authorization(settings, id));
    }

    private static String authorization(Settings settings, String id) {
        String scheme = value(AUTH_SCHEME, settings, id);
        try (SecureString key = value(API_KEY, settings, id)) {
            if (key.isEmpty()) {
                return null;
            }
            if (key.chars().allMatch(c -> c > ' ' && c < 127) == false) {
                throw new IllegalArgumentException(
                        "["
                                + PREFIX
                                + id
                                + ".api_key] in the keystore holds a blank, a line break or what is"
                                + " not ASCII, which no header can; set it again");
            }
            return scheme + " " + key;
        }
    }

    private static <T> T value(AffixSetting<T> setting, Settings settings, String id) {
        return setting.getConcreteSettingForNamespace(id).get(settings);
    }

    private static <T> AffixSetting<T> affix(String name, Function<String, Setting<T>> setting) {
        return Setting.affixKeySetting(PREFIX, name, setting);
    }

    private static Function<String, Setting<Integer>> number(int otherwise, int least) {
        return key -> Setting.intSetting(key, otherwise, least, 100_000, Property.NodeScope);
    }

    private static Setting<String> text(
            String key, String otherwise, Setting.Validator<String> validator) {
        return Setting.simpleString(key, otherwise, validator, Property.NodeScope);
    }

    private static <E extends Enum<E>> Setting<E> word(String key, Class<E> words, E otherwise) {
        return new Setting<>(
                key, lower(otherwise), value -> parse(key, words, value), Property.NodeScope);
    }

    private static <E extends Enum<E>> E parse(String key, Class<E> words, String value) {
        for (E word : words.getEnumConstants()) {
            if (lower(word).equals(value)) {
                return word;
            }
        }
        List<String> known =
                Arrays.stream(words.getEnumConstants()).map(EndpointSettings::lower).toList();
        throw new IllegalArgumentException(
                "[" + key + "] must be one of " + known + ", got [" + value + "]");
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static void checkUrl(String key, String value) {
        if (value.isEmpty()) {
            return;
        }
        try {
            URI url = new URI(value);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        // not the value: whoever wrote a password into it would find it in the log
        throw new IllegalArgumentException(
                "["
                        + key
                        + "] must be a URL such as [https://host/v1], with http or https and"
                        + " without user, query and fragment; a key goes into the keystore");
    }

    private static void checkScheme(String key, String value) {
        if (value.matches("[A-Za-z][A-Za-z0-9_-]*") == false) {
            throw new IllegalArgumentException(
                    "[" + key + "] must be one word, such as [Bearer] or [ApiKey]");
        }
    }
}
