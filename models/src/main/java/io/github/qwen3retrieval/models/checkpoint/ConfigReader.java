package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Path;

/** Reads the values of config.json; every failure names file, key, value and rule. */
final class ConfigReader {

    /** Far above every figure of the series, far below what overflows when multiplied. */
    private static final int MAX_FIGURE = 1 << 24;

    private final Path file;
    private final JsonObject json;

    ConfigReader(Path file) {
        this(file, JsonObjectFile.read(file));
    }

    /** Reads values that were taken from {@code file}. */
    ConfigReader(Path file, JsonObject json) {
        this.file = file;
        this.json = json;
    }

    /** The value of {@code key}, or null where it is absent or null. */
    JsonElement get(String key) {
        JsonElement value = json.get(key);
        return value == null || value.isJsonNull() ? null : value;
    }

    int figure(String key) {
        double value = number(key, json.get(key));
        if (value != Math.rint(value) || value < 1 || value > MAX_FIGURE) {
            throw refuse(key, json.get(key), "it must be a whole number from 1 to " + MAX_FIGURE);
        }
        return (int) value;
    }

    double positive(String key) {
        return positive(key, json.get(key));
    }

    double positive(String key, JsonElement element) {
        double value = number(key, element);
        if (value <= 0 || Double.isInfinite(value)) {
            throw refuse(key, element, "it must be a positive number");
        }
        return value;
    }

    boolean flag(String key) {
        JsonElement value = get(key);
        if (value == null) {
            return false;
        }
        if (value.isJsonPrimitive() == false || value.getAsJsonPrimitive().isBoolean() == false) {
            throw refuse(key, value, "it must be true or false");
        }
        return value.getAsBoolean();
    }

    /** Refuses a value that this network does not compute; absent values are the usual ones. */
    void only(String key, String supported) {
        JsonElement value = get(key);
        if (value != null && text(value).equals(supported) == false) {
            throw refuse(key, value, "only [" + supported + "] is supported");
        }
    }

    JsonObject object(String key) {
        JsonElement value = get(key);
        if (value != null && value.isJsonObject() == false) {
            throw refuse(key, value, "it must be an object");
        }
        return value == null ? null : value.getAsJsonObject();
    }

    ModelException refuse(String key, JsonElement value, String rule) {
        String shown = value == null ? "missing" : "[" + value + "]";
        return new ModelException("[" + file + "] key [" + key + "] is " + shown + ": " + rule);
    }

    static String text(JsonElement value) {
        return value.isJsonPrimitive() ? value.getAsString() : value.toString();
    }

    private double number(String key, JsonElement element) {
        if (element == null
                || element.isJsonPrimitive() == false
                || element.getAsJsonPrimitive().isNumber() == false) {
            throw refuse(key, element, "it must be a number");
        }
        return element.getAsDouble();
    }
}
