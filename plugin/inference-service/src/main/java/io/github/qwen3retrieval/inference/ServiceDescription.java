package io.github.qwen3retrieval.inference;

import java.util.EnumSet;
import java.util.Map;
import org.elasticsearch.inference.InferenceServiceConfiguration;
import org.elasticsearch.inference.SettingsConfiguration;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.inference.configuration.SettingsConfigurationFieldType;

/** What {@code GET _inference/_services} tells of the service, and Kibana makes a form of. */
final class ServiceDescription {

    private ServiceDescription() {}

    static InferenceServiceConfiguration get() {
        return new InferenceServiceConfiguration.Builder()
                .setService(Qwen3InferenceService.NAME)
                .setName("Qwen3 in the cluster")
                .setTaskTypes(Qwen3InferenceService.TASK_TYPES)
                .setConfigurations(
                        Map.of(
                                EmbeddingSettings.MODEL_ID,
                                setting(
                                        Qwen3InferenceService.TASK_TYPES,
                                        "Model ID",
                                        "The model's folder name, as GET _qwen3/models lists it.",
                                        SettingsConfigurationFieldType.STRING,
                                        true),
                                EmbeddingSettings.DIMENSIONS,
                                setting(
                                        EnumSet.of(TaskType.TEXT_EMBEDDING),
                                        "Dimensions",
                                        "The length of the vectors, from 32 to all the model"
                                                + " gives.",
                                        SettingsConfigurationFieldType.INTEGER,
                                        false)))
                .build();
    }

    private static SettingsConfiguration setting(
            EnumSet<TaskType> taskTypes,
            String label,
            String description,
            SettingsConfigurationFieldType type,
            boolean required) {
        return new SettingsConfiguration.Builder(taskTypes)
                .setLabel(label)
                .setDescription(description)
                .setType(type)
                .setRequired(required)
                .build();
    }
}
