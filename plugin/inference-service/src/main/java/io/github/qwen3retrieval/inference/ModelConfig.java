package io.github.qwen3retrieval.inference;

import java.util.Map;
import org.elasticsearch.inference.ChunkingSettings;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.ModelConfigurations;
import org.elasticsearch.inference.ServiceSettings;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.xpack.core.inference.chunking.ChunkingSettingsBuilder;

/**
 * The configuration of an endpoint, as {@code PUT _inference} sends it and as Elasticsearch stores
 * it: objects of settings, which are taken out of the map.
 *
 * @param inferenceId the endpoint's id
 * @param taskType what it does
 * @param config to be emptied of what is known
 */
record ModelConfig(String inferenceId, TaskType taskType, Map<String, Object> config) {

    /**
     * Reads it.
     *
     * @throws org.elasticsearch.ElasticsearchStatusException with 400 and the name of the setting
     *     that is wrong, missing or not known
     */
    Model read() {
        SettingsMap service = SettingsMap.takenFrom(config, ModelConfigurations.SERVICE_SETTINGS);
        SettingsMap task = SettingsMap.takenFrom(config, ModelConfigurations.TASK_SETTINGS);
        ServiceSettings serviceSettings = serviceSettings(service);
        PromptSettings taskSettings = PromptSettings.read(task);
        service.end();
        task.end();
        return new Model(
                new ModelConfigurations(
                        inferenceId,
                        taskType,
                        Qwen3InferenceService.NAME,
                        serviceSettings,
                        taskSettings,
                        chunkingSettings()));
    }

    /**
     * Refuses what was not read: a part that Elasticsearch does not know, or no part of this task.
     */
    void end() {
        for (String part : config.keySet()) {
            throw SettingsMap.wrong(
                    "["
                            + part
                            + "] is not known to the service ["
                            + Qwen3InferenceService.NAME
                            + "] for task type ["
                            + taskType
                            + "]");
        }
    }

    private ServiceSettings serviceSettings(SettingsMap settings) {
        return switch (taskType) {
            case TEXT_EMBEDDING -> EmbeddingSettings.read(settings);
            case RERANK -> RerankSettings.read(settings);
            default -> throw unsupported(taskType);
        };
    }

    private ChunkingSettings chunkingSettings() {
        if (taskType != TaskType.TEXT_EMBEDDING) {
            return null;
        }
        return ChunkingSettingsBuilder.fromMap(
                SettingsMap.object(config, ModelConfigurations.CHUNKING_SETTINGS));
    }

    /** Says that the service does no such thing. */
    static RuntimeException unsupported(TaskType taskType) {
        return SettingsMap.wrong(
                TaskType.unsupportedTaskTypeErrorMsg(taskType, Qwen3InferenceService.NAME));
    }
}
