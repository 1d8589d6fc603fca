package io.github.qwen3retrieval.inference.standin;

import java.io.IOException;
import java.util.Map;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.common.io.stream.BytesStreamOutput;
import org.elasticsearch.common.io.stream.NamedWriteableAwareStreamInput;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.inference.InferenceService;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.ModelConfigurations;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.inference.UnparsedModel;
import org.elasticsearch.xcontent.ToXContent;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentParserConfiguration;
import org.elasticsearch.xcontent.json.JsonXContent;

/** The way of an endpoint between the request that makes it and those that use it. */
public final class StoredModel {

    private StoredModel() {}

    /** The model as another node receives it. */
    public static Model sent(Model model, NamedWriteableRegistry registry) throws IOException {
        try (BytesStreamOutput out = new BytesStreamOutput()) {
            model.writeTo(out);
            return new Model(
                    new NamedWriteableAwareStreamInput(out.bytes().streamInput(), registry));
        }
    }

    /** The model as the service reads it from the index where it was stored. */
    public static Model readBack(InferenceService service, Model model) throws IOException {
        BytesReference document;
        try (XContentBuilder builder = JsonXContent.contentBuilder()) {
            model.getConfigurations()
                    .toXContent(
                            builder,
                            new ToXContent.MapParams(
                                    Map.of(ModelConfigurations.USE_ID_FOR_INDEX, "true")));
            document = BytesReference.bytes(builder);
        }
        Map<String, Object> settings;
        try (var parser =
                JsonXContent.jsonXContent.createParser(
                        XContentParserConfiguration.EMPTY, document.streamInput())) {
            settings = parser.map();
        }
        return service.parsePersistedConfig(
                new UnparsedModel(
                        (String) settings.remove(ModelConfigurations.INDEX_ONLY_ID_FIELD_NAME),
                        TaskType.fromString((String) settings.remove(TaskType.NAME)),
                        (String) settings.remove(ModelConfigurations.SERVICE),
                        settings,
                        null));
    }
}
