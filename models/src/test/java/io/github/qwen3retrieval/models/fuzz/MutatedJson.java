package io.github.qwen3retrieval.models.fuzz;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.internal.LazilyParsedNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Texts made from sound JSON by mutations: of values, of structure, and, now and then, of single
 * characters, so that most of them are JSON still and get past the parser of JSON. The same seed
 * gives the same texts.
 */
public final class MutatedJson {

    private static final int DEEP = 2_000;
    private static final String[] NUMBERS = {
        "0",
        "-1",
        "1",
        "2",
        "31",
        "32",
        "1.5",
        "-0.0",
        "1e3",
        "1e999",
        "2147483647",
        "2147483648",
        "-9223372036854775809",
        "99999999999999999999999",
        "0.5",
        "1e-400"
    };
    private static final String[] STRINGS = {
        "",
        " ",
        "\u0000",
        "\n",
        "7",
        "32",
        "-1",
        "1.0",
        "true",
        "null",
        "NaN",
        "*",
        "a.b",
        ".",
        "..",
        "../x",
        "%s{}",
        "[x]",
        "\"",
        "\\",
        "\ud83e",
        "\udc00",
        "🧊",
        "\u202e",
        "5s",
        "800ms",
        "-1ms",
        "keep_order",
        "fail",
        "_source.body",
        "KEEP_ORDER"
    };

    private final Random random;
    private final List<JsonElement> samples = new ArrayList<>();
    private final List<String> names;

    /**
     * @param samples sound JSON objects to start from
     * @param names of parameters to put where they do not belong
     */
    public MutatedJson(long seed, List<String> samples, List<String> names) {
        this.random = new Random(seed);
        samples.forEach(sample -> this.samples.add(JsonParser.parseString(sample)));
        this.names = List.copyOf(names);
    }

    /** The next text: one to four mutations away from a sample. */
    public String next() {
        JsonElement tree = pick(samples).deepCopy();
        int mutations = 1 + random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            tree = mutate(tree);
        }
        String text = tree.toString();
        if (random.nextInt(5) == 0) {
            text = scratch(text);
        }
        return random.nextInt(20) == 0 ? withDuplicateKey(text) : text;
    }

    /** Changes one place of a tree, which may be its root. */
    private JsonElement mutate(JsonElement element) {
        boolean here = random.nextInt(3) == 0;
        if (element instanceof JsonObject object && object.size() > 0 && here == false) {
            String key = pick(List.copyOf(object.keySet()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(key);
                case 1 -> object.add(name(), object.remove(key));
                case 2 -> object.add(name(), value());
                case 3 -> object.add(key, value());
                default -> object.add(key, mutate(object.get(key)));
            }
            return object;
        }
        if (element instanceof JsonArray array && array.size() > 0 && here == false) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(value());
                default -> array.set(at, mutate(array.get(at)));
            }
            return array;
        }
        return instead(element);
    }

    private JsonElement instead(JsonElement element) {
        return switch (random.nextInt(6)) {
            case 0 -> {
                JsonArray wrapped = new JsonArray();
                wrapped.add(element);
                if (random.nextBoolean()) {
                    wrapped.add(element.deepCopy());
                }
                yield wrapped;
            }
            case 1 -> {
                JsonObject wrapped = new JsonObject();
                wrapped.add(name(), element);
                yield wrapped;
            }
            case 2 -> new JsonPrimitive(element.toString());
            default -> value();
        };
    }

    private JsonElement value() {
        return switch (random.nextInt(12)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2 -> new JsonArray();
            case 3 -> new JsonObject();
            case 4, 5, 6 ->
                    new JsonPrimitive(
                            new LazilyParsedNumber(NUMBERS[random.nextInt(NUMBERS.length)]));
            case 7 -> random.nextInt(50) == 0 ? deep() : pick(samples).deepCopy();
            case 8 ->
                    new JsonPrimitive(
                            STRINGS[random.nextInt(STRINGS.length)].repeat(random.nextInt(100)));
            default -> new JsonPrimitive(STRINGS[random.nextInt(STRINGS.length)]);
        };
    }

    private JsonElement deep() {
        JsonElement inner = new JsonArray();
        for (int i = 0; i < DEEP; i++) {
            if (random.nextBoolean()) {
                JsonArray outer = new JsonArray();
                outer.add(inner);
                inner = outer;
            } else {
                JsonObject outer = new JsonObject();
                outer.add("a", inner);
                inner = outer;
            }
        }
        return inner;
    }

    private String name() {
        String name =
                random.nextInt(4) == 0 ? STRINGS[random.nextInt(STRINGS.length)] : pick(names);
        return random.nextInt(10) == 0 ? name.toUpperCase(java.util.Locale.ROOT) : name;
    }

    /** Changes characters wherever they stand. */
    private String scratch(String text) {
        StringBuilder changed = new StringBuilder(text);
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times && changed.isEmpty() == false; i++) {
            int from = random.nextInt(changed.length());
            int to = Math.min(changed.length(), from + 1 + random.nextInt(8));
            switch (random.nextInt(5)) {
                case 0 -> changed.delete(from, to);
                case 1 -> changed.insert(from, changed.substring(from, to));
                case 2 -> changed.setCharAt(from, (char) random.nextInt(128));
                case 3 -> changed.insert(from, (char) random.nextInt(0x10000));
                default -> changed.setLength(from);
            }
        }
        return changed.toString();
    }

    private String withDuplicateKey(String text) {
        int brace = text.indexOf('{', random.nextInt(text.length() + 1));
        return brace < 0
                ? text
                : text.substring(0, brace + 1)
                        + new JsonPrimitive(name())
                        + ":"
                        + value()
                        + ","
                        + text.substring(brace + 1);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
