package io.github.qwen3retrieval.ingest;

import static io.github.qwen3retrieval.ingest.EmbeddingProcessor.TYPE;
import static org.elasticsearch.ingest.ConfigurationUtils.newConfigurationException;
import static org.elasticsearch.ingest.ConfigurationUtils.readBooleanProperty;
import static org.elasticsearch.ingest.ConfigurationUtils.readIntProperty;
import static org.elasticsearch.ingest.ConfigurationUtils.readOptionalStringProperty;

import java.util.List;
import java.util.Map;
import org.elasticsearch.ElasticsearchException;

/**
 * What a pipeline says about one {@code qwen3_embedding} processor.
 *
 * @param fields what is embedded into what, at least one pair, no two of which get in each other's
 *     way
 * @param options how
 * @param ignoreMissing whether a field without text is passed over instead of failing the document
 */
record EmbeddingProcessorConfig(
        List<EmbeddedField> fields, EmbeddingOptions options, boolean ignoreMissing) {

    private static final String IGNORE_MISSING = "ignore_missing";

    private static final List<String> KNOWN =
            List.of(
                    EmbeddedFieldsConfig.FIELD,
                    EmbeddedFieldsConfig.TARGET_FIELD,
                    EmbeddedFieldsConfig.INPUT_OUTPUT,
                    EmbeddingOptions.MODEL_ID,
                    EmbeddingOptions.INSTRUCTION,
                    EmbeddingOptions.DIMENSIONS,
                    EmbeddingOptions.MAX_LENGTH,
                    IGNORE_MISSING,
                    "tag",
                    "description",
                    "if",
                    "ignore_failure",
                    "on_failure");

    /**
     * Takes every key out of the configuration.
     *
     * @throws ElasticsearchException naming the processor, its tag and the parameter that is
     *     missing, wrong or not known
     */
    static EmbeddingProcessorConfig read(String tag, Map<String, Object> config) {
        List<EmbeddedField> fields = new EmbeddedFieldsConfig(tag).read(config);
        EmbeddingOptions options =
                new EmbeddingOptions(
                        readOptionalStringProperty(TYPE, tag, config, EmbeddingOptions.MODEL_ID),
                        readOptionalStringProperty(TYPE, tag, config, EmbeddingOptions.INSTRUCTION),
                        readIntProperty(TYPE, tag, config, EmbeddingOptions.DIMENSIONS, null),
                        readIntProperty(TYPE, tag, config, EmbeddingOptions.MAX_LENGTH, null));
        options.check((name, rule) -> newConfigurationException(TYPE, tag, name, rule));
        boolean ignoreMissing = readBooleanProperty(TYPE, tag, config, IGNORE_MISSING, false);
        refuseUnknown(tag, config);
        return new EmbeddingProcessorConfig(fields, options, ignoreMissing);
    }

    /** Elasticsearch refuses what is left over, too, but without saying what would be right. */
    private static void refuseUnknown(String tag, Map<String, Object> config) {
        if (config.isEmpty() == false) {
            throw newConfigurationException(
                    TYPE,
                    tag,
                    config.keySet().iterator().next(),
                    "is not a parameter of this processor, it knows " + KNOWN);
        }
    }
}
