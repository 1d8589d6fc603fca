package io.github.qwen3retrieval.ingest;

import static io.github.qwen3retrieval.ingest.EmbeddingProcessor.TYPE;
import static org.elasticsearch.ingest.ConfigurationUtils.newConfigurationException;
import static org.elasticsearch.ingest.ConfigurationUtils.readOptionalList;
import static org.elasticsearch.ingest.ConfigurationUtils.readOptionalStringProperty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticsearch.ElasticsearchException;

/**
 * Reads which fields a processor embeds into which: {@code field} and {@code target_field}, or a
 * list {@code input_output}.
 *
 * @param tag of the processor, for its errors; null where it has none
 */
record EmbeddedFieldsConfig(String tag) {

    static final String FIELD = "field";
    static final String TARGET_FIELD = "target_field";
    static final String INPUT_OUTPUT = "input_output";
    private static final String INPUT_FIELD = "input_field";
    private static final String OUTPUT_FIELD = "output_field";

    /** At least one pair of fields; their keys are taken out of the configuration. */
    List<EmbeddedField> read(Map<String, Object> config) {
        boolean single = config.containsKey(FIELD) || config.containsKey(TARGET_FIELD);
        List<Object> several = readOptionalList(TYPE, tag, config, INPUT_OUTPUT);
        if (several == null) {
            return List.of(pair(config, FIELD, TARGET_FIELD));
        }
        if (single) {
            throw error(
                    INPUT_OUTPUT,
                    "cannot be used together with [field] and [target_field], name the fields in"
                            + " one of the two ways");
        }
        if (several.isEmpty()) {
            throw error(INPUT_OUTPUT, "must name at least one pair of fields, got []");
        }
        List<EmbeddedField> fields = new ArrayList<>(several.size());
        for (Object entry : several) {
            fields.add(entry(entry));
        }
        refuseOverlaps(fields);
        return List.copyOf(fields);
    }

    private EmbeddedField entry(Object entry) {
        if (!(entry instanceof Map<?, ?> map)) {
            throw error(
                    INPUT_OUTPUT,
                    "must be a list of {[input_field], [output_field]}, got [" + entry + "]");
        }
        Map<String, Object> left = new HashMap<>();
        map.forEach((key, value) -> left.put(String.valueOf(key), value));
        EmbeddedField field = pair(left, INPUT_FIELD, OUTPUT_FIELD);
        if (left.isEmpty() == false) {
            throw error(
                    INPUT_OUTPUT,
                    "does not know " + left.keySet() + ", it knows [input_field, output_field]");
        }
        return field;
    }

    private EmbeddedField pair(Map<String, Object> config, String inputKey, String outputKey) {
        String input = readOptionalStringProperty(TYPE, tag, config, inputKey);
        String output = readOptionalStringProperty(TYPE, tag, config, outputKey);
        checkPath(inputKey, input, "name the field that holds the text");
        checkPath(outputKey, output, "name the [dense_vector] field that takes the vector");
        if (EmbeddedField.overlap(input, output)) {
            throw overlap(outputKey, output, inputKey, input);
        }
        return new EmbeddedField(input, output);
    }

    private void checkPath(String key, String path, String remedy) {
        if (path == null) {
            String other = FIELD.equals(key) ? ", or several in [input_output]" : "";
            throw error(key, "required property is missing, " + remedy + other);
        }
        if (EmbeddedField.isPath(path) == false) {
            throw error(key, "is not the path of a field: [" + path + "], " + remedy);
        }
    }

    private void refuseOverlaps(List<EmbeddedField> fields) {
        for (int i = 0; i < fields.size(); i++) {
            String output = fields.get(i).output();
            for (int j = 0; j < fields.size(); j++) {
                EmbeddedField other = fields.get(j);
                if (EmbeddedField.overlap(output, other.input())) {
                    throw overlap(OUTPUT_FIELD, output, INPUT_FIELD, other.input());
                }
                if (i != j && EmbeddedField.overlap(output, other.output())) {
                    throw overlap(OUTPUT_FIELD, output, OUTPUT_FIELD, other.output());
                }
            }
        }
    }

    private ElasticsearchException overlap(
            String outputKey, String output, String otherKey, String other) {
        return error(
                outputKey,
                "must name a field of its own, but ["
                        + output
                        + "] is, holds or lies in the ["
                        + otherKey
                        + "] ["
                        + other
                        + "]");
    }

    private ElasticsearchException error(String parameter, String rule) {
        return newConfigurationException(TYPE, tag, parameter, rule);
    }
}
