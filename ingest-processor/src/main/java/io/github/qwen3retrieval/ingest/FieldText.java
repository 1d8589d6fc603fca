package io.github.qwen3retrieval.ingest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.elasticsearch.common.util.CollectionUtils;
import org.elasticsearch.ingest.IngestDocument;

/**
 * The text that a document holds in a field. Several values are joined with a line break, nested
 * lists in the order they are written; nulls and blank values carry no text and are left out.
 */
final class FieldText {

    private FieldText() {}

    /**
     * The text of a field, or null where the field is missing, null or blank, or a list of nothing
     * else.
     *
     * @param ignoreMissing false to have an error in the place of null
     * @throws IllegalArgumentException where the field holds anything but text
     */
    static String of(IngestDocument document, String field, boolean ignoreMissing) {
        Object value = value(document, field, ignoreMissing);
        if (value instanceof Collection<?>) {
            CollectionUtils.ensureNoSelfReferences(value, "field [" + field + "]");
        }
        List<String> texts = new ArrayList<>(1);
        collect(field, value, texts);
        if (texts.isEmpty() == false) {
            return String.join("\n", texts);
        }
        if (ignoreMissing) {
            return null;
        }
        throw new IllegalArgumentException(missing("field [" + field + "] holds no text"));
    }

    private static Object value(IngestDocument document, String field, boolean ignoreMissing) {
        try {
            return document.getFieldValue(field, Object.class, ignoreMissing);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(missing(e.getMessage()), e);
        }
    }

    private static void collect(String field, Object value, List<String> texts) {
        if (value instanceof String text) {
            if (text.isBlank() == false) {
                texts.add(text);
            }
        } else if (value instanceof Collection<?> values) {
            for (Object element : values) {
                collect(field, element, texts);
            }
        } else if (value != null) {
            throw new IllegalArgumentException(notText(field, value));
        }
    }

    private static String missing(String what) {
        return what
                + "; set [ignore_missing] to [true] to index documents without text, without a"
                + " vector";
    }

    private static String notText(String field, Object value) {
        String found = "field [" + field + "] of type [" + value.getClass().getName() + "] ";
        if (value instanceof Map<?, ?>) {
            return found
                    + "cannot be embedded, it is an object: name the field inside it that holds"
                    + " the text";
        }
        return found
                + "cannot be embedded, only text can: turn it into a string before, say with the"
                + " [convert] processor, or name another field";
    }
}
