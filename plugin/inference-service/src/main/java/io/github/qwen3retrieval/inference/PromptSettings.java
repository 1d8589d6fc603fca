package io.github.qwen3retrieval.inference;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.common.io.stream.StreamInput;
import org.elasticsearch.common.io.stream.StreamOutput;
import org.elasticsearch.inference.TaskSettings;
import org.elasticsearch.xcontent.XContentBuilder;

/**
 * {@code task_settings} of an endpoint, which a request may override one by one.
 *
 * @param instruction what a search is for, or null for the web-search task; documents carry none
 * @param maxLength tokens after which a text, or the document in a reranker's prompt, is cut, or
 *     null for the default
 */
record PromptSettings(String instruction, Integer maxLength) implements TaskSettings {

    static final String NAME = "qwen3_task_settings";
    static final String TASK_SETTINGS = "task_settings";
    private static final String INSTRUCTION = "instruction";
    private static final String MAX_LENGTH = "max_length";

    /** One token of text and the {@code <|endoftext|>} that the vector is read from. */
    private static final int MIN_MAX_LENGTH = 2;

    PromptSettings(StreamInput in) throws IOException {
        this(in.readOptionalString(), in.readOptionalVInt());
    }

    static PromptSettings read(SettingsMap settings) {
        return new PromptSettings(
                settings.text(INSTRUCTION), settings.number(MAX_LENGTH, MIN_MAX_LENGTH));
    }

    /** These with what a request overrides, whose map stays as it is. */
    PromptSettings overriddenBy(Map<String, Object> ofRequest) {
        return ofRequest == null || ofRequest.isEmpty()
                ? this
                : updatedTaskSettings(new HashMap<>(ofRequest));
    }

    @Override
    public PromptSettings updatedTaskSettings(Map<String, Object> newSettings) {
        SettingsMap settings = new SettingsMap(TASK_SETTINGS, newSettings);
        PromptSettings update = read(settings);
        settings.end();
        return new PromptSettings(
                update.instruction != null ? update.instruction : instruction,
                update.maxLength != null ? update.maxLength : maxLength);
    }

    @Override
    public boolean isEmpty() {
        return instruction == null && maxLength == null;
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
        out.writeOptionalString(instruction);
        out.writeOptionalVInt(maxLength);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
        builder.startObject();
        if (instruction != null) {
            builder.field(INSTRUCTION, instruction);
        }
        if (maxLength != null) {
            builder.field(MAX_LENGTH, maxLength);
        }
        return builder.endObject();
    }

    @Override
    public String getWriteableName() {
        return NAME;
    }

    @Override
    public TransportVersion getMinimalSupportedVersion() {
        return TransportVersion.minimumCompatible();
    }
}
