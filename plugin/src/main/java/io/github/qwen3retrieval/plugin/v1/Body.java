package io.github.qwen3retrieval.plugin.v1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.xcontent.XContentParser;

/**
 * The JSON object of a request, read member by member. A member that is {@code null} is one that is
 * not there: clients send those for what their users left out.
 */
final class Body {

    private final Map<String, Object> members;

    private Body(Map<String, Object> members) {
        this.members = members;
    }

    /**
     * Reads the object.
     *
     * @param known members that are read
     * @param ignored members of the format that change nothing here
     * @throws IllegalArgumentException if it is no object or has a member that is neither
     */
    static Body of(RestRequest request, Set<String> known, Set<String> ignored) throws IOException {
        if (request.hasContent() == false) {
            throw new IllegalArgumentException("the request has no body");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        try (XContentParser parser = request.contentParser()) {
            members.putAll(parser.map());
        }
        for (String member : members.keySet()) {
            if (known.contains(member) == false && ignored.contains(member) == false) {
                throw new BodyException(
                        member,
                        "is not a member of this request, it knows "
                                + new TreeSet<>(known)
                                + " and ignores "
                                + new TreeSet<>(ignored));
            }
        }
        return new Body(members);
    }

    /** The member as it is, or null. */
    Object get(String member) {
        return members.get(member);
    }

    /** The text, which must be there and not blank. */
    String required(String member) {
        String text = text(member);
        if (text == null) {
            throw new BodyException(member, "is required");
        }
        return text;
    }

    /** The text, not blank, or null. */
    String text(String member) {
        Object value = members.get(member);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && text.isBlank() == false) {
            return text;
        }
        throw new BodyException(member, "must be a string that is not blank, got " + shown(value));
    }

    /** The whole number, or null. */
    Integer number(String member, int least) {
        Object value = members.get(member);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer number && number >= least) {
            return number;
        }
        throw new BodyException(
                member, "must be a whole number of at least [" + least + "], got " + shown(value));
    }

    /** The truth value, false where it is not there. */
    boolean flag(String member) {
        Object value = members.get(member);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new BodyException(member, "must be [true] or [false], got " + shown(value));
    }

    /** One of the words, in the map's order, or the default. */
    <T> T oneOf(String member, Map<String, T> words, T otherwise) {
        Object value = members.get(member);
        if (value == null) {
            return otherwise;
        }
        T meant = value instanceof String word ? words.get(word) : null;
        if (meant == null) {
            throw new BodyException(
                    member, "must be one of " + words.keySet() + ", got " + shown(value));
        }
        return meant;
    }

    /**
     * The texts of a member that is a text or an array of texts.
     *
     * @param most how many there may be
     */
    List<String> texts(String member, int most) {
        Object value = members.get(member);
        if (value instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : items(member, most)) {
            texts.add(textOf(member, item, texts.size()));
        }
        return texts;
    }

    /** The items of a member that must be an array of at least one. */
    List<?> items(String member, int most) {
        Object value = members.get(member);
        if (value == null) {
            throw new BodyException(member, "is required");
        }
        if (value instanceof List<?> items && items.isEmpty() == false) {
            if (items.size() > most) {
                throw new BodyException(
                        member,
                        "must have at most [" + most + "] items, got [" + items.size() + "]");
            }
            return items;
        }
        throw new BodyException(member, "must be an array of at least one text");
    }

    private static String textOf(String member, Object item, int index) {
        if (item instanceof String text) {
            return text;
        }
        if (item instanceof Number || item instanceof List<?>) {
            throw new BodyException(
                    member,
                    "holds token ids, which belong to one model's tokenizer; send the text"
                            + " itself (LangChain for Python: check_embedding_ctx_length=False)");
        }
        throw new BodyException(
                member, "must hold texts, got at place [" + index + "] " + shown(item));
    }

    /** A value for a message: a short one itself, of the others their type. */
    static String shown(Object value) {
        String text = String.valueOf(value);
        boolean scalar = value instanceof Number || value instanceof Boolean;
        boolean word = value instanceof String && text.length() <= 40;
        if (scalar || word) {
            return "[" + text + "]";
        }
        return value instanceof String
                ? "a text of [" + text.length() + "] characters"
                : value instanceof Map<?, ?>
                        ? "an object"
                        : value instanceof List<?> ? "an array" : "[null]";
    }
}
