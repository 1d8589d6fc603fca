package io.github.qwen3retrieval.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.rest.RestStatus;

/**
 * One object of settings. What is read is taken out of the map, as x-pack-inference expects, so
 * that what is left at the end is not known.
 */
final class SettingsMap {

    private final String name;
    private final Map<String, Object> settings;
    private final Set<String> known = new TreeSet<>();

    /**
     * Reads from that map.
     *
     * @param name name of the object, for messages
     * @param settings to be emptied
     */
    SettingsMap(String name, Map<String, Object> settings) {
        this.name = name;
        this.settings = settings;
    }

    /** Takes an object out of the configuration that holds it; an empty one if it is not there. */
    static SettingsMap takenFrom(Map<String, Object> config, String name) {
        return new SettingsMap(name, object(config, name));
    }

    /** Takes an object out as it is; a new one if it is not there. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Map<String, Object> config, String name) {
        Object value = config.remove(name);
        if (value == null) {
            return new HashMap<>();
        }
        if (value instanceof Map<?, ?> object) {
            return new HashMap<>((Map<String, Object>) object);
        }
        throw wrong("[" + name + "] must be an object, got [" + value + "]");
    }

    /** The text, not blank, or null. */
    String text(String setting) {
        Object value = take(setting);
        if (value == null || value instanceof String text && text.isBlank() == false) {
            return (String) value;
        }
        throw wrong(path(setting) + " must be a string that is not blank, got [" + value + "]");
    }

    /** The text, which must be there and not blank. */
    String required(String setting, String remedy) {
        String text = text(setting);
        if (text == null) {
            throw wrong(path(setting) + " is required: " + remedy);
        }
        return text;
    }

    /** The whole number, or null. */
    Integer number(String setting, int least) {
        Object value = take(setting);
        if (value == null || value instanceof Integer number && number >= least) {
            return (Integer) value;
        }
        throw wrong(
                path(setting)
                        + " must be a whole number of at least ["
                        + least
                        + "], got ["
                        + value
                        + "]");
    }

    /** Refuses what was not read. */
    void end() {
        for (String setting : new TreeSet<>(settings.keySet())) {
            throw wrong(path(setting) + " is not known; [" + name + "] knows " + known);
        }
    }

    private Object take(String setting) {
        known.add(setting);
        return settings.remove(setting);
    }

    private String path(String setting) {
        return "[" + name + "." + setting + "]";
    }

    /** 400 with that message. */
    static ElasticsearchStatusException wrong(String message) {
        // not the message itself: braces in it would be taken for places of arguments
        return new ElasticsearchStatusException("{}", RestStatus.BAD_REQUEST, message);
    }
}
