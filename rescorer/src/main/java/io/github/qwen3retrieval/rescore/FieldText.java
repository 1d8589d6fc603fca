package io.github.qwen3retrieval.rescore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticsearch.common.xcontent.support.XContentMapValues;
import org.elasticsearch.index.mapper.MappedFieldType;
import org.elasticsearch.index.query.SearchExecutionContext;

/**
 * Where the values of one field are to be found: under which paths of a document's source, and, for
 * a document whose source does not have them, in which stored field.
 *
 * @param sourcePaths the field's own path; for a multi-field that of its parent, for an alias that
 *     of its target, for the target of {@code copy_to} those of the fields copied into it
 * @param type the mapping, or null for a field that is not mapped
 */
record FieldText(List<String> sourcePaths, MappedFieldType type) {

    /** Resolves a name by the index's mapping. */
    static FieldText resolve(String name, SearchExecutionContext context) {
        MappedFieldType type = context.getFieldType(name);
        String concrete = type == null ? name : type.name();
        List<String> paths = context.sourcePath(concrete).stream().sorted().toList();
        return new FieldText(paths.isEmpty() ? List.of(concrete) : paths, type);
    }

    /** Whether the index stores this field outside of the source. */
    boolean isStored() {
        return type != null && type.isStored();
    }

    /**
     * The values in a document's source: arrays are flattened, numbers and booleans become their
     * usual string, objects have no text.
     */
    List<String> inSource(Map<String, Object> source) {
        List<String> texts = new ArrayList<>();
        for (String path : sourcePaths) {
            for (Object value : XContentMapValues.extractRawValues(path, source)) {
                texts.add(value.toString());
            }
        }
        return texts;
    }

    /** The values in a document's stored fields. */
    List<String> inStored(Map<String, List<Object>> storedFields) {
        List<String> texts = new ArrayList<>();
        for (Object value : storedFields.getOrDefault(type.name(), List.of())) {
            texts.add(type.valueForDisplay(value).toString());
        }
        return texts;
    }
}
