package io.github.qwen3retrieval.inference;

import io.github.qwen3retrieval.inference.standin.StoredModel;
import java.util.HashMap;
import java.util.Map;
import org.elasticsearch.ElasticsearchStatusException;
import org.elasticsearch.action.support.PlainActionFuture;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.util.CollectionUtils;
import org.elasticsearch.index.mapper.vectors.DenseVectorFieldMapper.ElementType;
import org.elasticsearch.inference.ChunkingSettings;
import org.elasticsearch.inference.MinimalServiceSettings;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.ModelSecrets;
import org.elasticsearch.inference.SimilarityMeasure;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.xcontent.json.JsonXContent;
import org.elasticsearch.xpack.core.inference.chunking.SentenceBoundaryChunkingSettings;

/** Endpoints as users write them, as Elasticsearch stores them, and what is wrong with some. */
public class ModelConfigTests extends ESTestCase {

    private final Qwen3InferenceService service = new Qwen3InferenceService(HeldModels::new, null);

    public void testReadsAnEmbeddingEndpoint() throws Exception {
        Model model =
                parse(
                        TaskType.TEXT_EMBEDDING,
                        """
                        { "service_settings": { "model_id": "m", "dimensions": 64 },
                          "task_settings": { "instruction": "find", "max_length": 100 },
                          "chunking_settings": { "strategy": "word", "max_chunk_size": 20,
                                                 "overlap": 5 } }
                        """);
        assertEquals(new EmbeddingSettings("m", 64), model.getServiceSettings());
        assertEquals(new PromptSettings("find", 100), model.getTaskSettings());
        assertEquals(
                Integer.valueOf(20),
                model.getConfigurations().getChunkingSettings().maxChunkSize());
        assertEquals("qwen3", model.getConfigurations().getService());
    }

    /** Elasticsearch asks for these three when it maps a {@code semantic_text} field. */
    public void testKnowsItsVectorsOnceElasticsearchHasSeenOne() throws Exception {
        Model model =
                parse(TaskType.TEXT_EMBEDDING, "{\"service_settings\": {\"model_id\":\"m\"}}");
        assertNull(model.getServiceSettings().dimensions());
        MinimalServiceSettings settings =
                new MinimalServiceSettings(service.updateModelWithEmbeddingDetails(model, 1024));
        assertEquals(Integer.valueOf(1024), settings.dimensions());
        assertEquals(SimilarityMeasure.COSINE, settings.similarity());
        assertEquals(ElementType.FLOAT, settings.elementType());
    }

    public void testARerankEndpointNeedsNothing() throws Exception {
        Model model = parse(TaskType.RERANK, "{}");
        assertEquals(new RerankSettings((String) null), model.getServiceSettings());
        assertTrue(model.getTaskSettings().isEmpty());
        assertNull(model.getConfigurations().getChunkingSettings());
        new MinimalServiceSettings(model);
    }

    public void testIsWhatItWasOnOtherNodesAndAfterStorage() throws Exception {
        NamedWriteableRegistry.Entry ofElasticsearch =
                new NamedWriteableRegistry.Entry(
                        ChunkingSettings.class,
                        SentenceBoundaryChunkingSettings.NAME,
                        SentenceBoundaryChunkingSettings::new);
        NamedWriteableRegistry registry =
                new NamedWriteableRegistry(
                        CollectionUtils.appendToCopy(
                                new Qwen3InferencePlugin().getNamedWriteables(), ofElasticsearch));
        for (int i = 0; i < 50; i++) {
            Model model = randomModel();
            Model sent = StoredModel.sent(model, registry);
            assertEquals(model.getConfigurations(), sent.getConfigurations());
            Model read = StoredModel.readBack(service, sent);
            assertEquals(model.getConfigurations(), read.getConfigurations());
            assertEquals(
                    model,
                    service.buildModelFromConfigAndSecrets(
                            read.getConfigurations(), new ModelSecrets()));
        }
    }

    private Model randomModel() throws Exception {
        Map<String, Object> serviceSettings = new HashMap<>();
        Map<String, Object> taskSettings = new HashMap<>();
        boolean embeds = randomBoolean();
        if (embeds || randomBoolean()) {
            serviceSettings.put("model_id", randomAlphaOfLengthBetween(1, 20));
        }
        if (embeds && randomBoolean()) {
            serviceSettings.put("dimensions", randomIntBetween(32, 4096));
        }
        if (randomBoolean()) {
            taskSettings.put("instruction", randomAlphaOfLengthBetween(1, 20));
        }
        if (randomBoolean()) {
            taskSettings.put("max_length", randomIntBetween(2, 8192));
        }
        return parse(
                embeds ? TaskType.TEXT_EMBEDDING : TaskType.RERANK,
                new HashMap<>(
                        Map.of(
                                "service_settings",
                                serviceSettings,
                                "task_settings",
                                taskSettings)));
    }

    public void testSaysWhatIsWrong() {
        assertWrong(
                TaskType.TEXT_EMBEDDING,
                "{}",
                "[service_settings.model_id] is required: what is stored must be found by the same"
                        + " model; GET _qwen3/models lists them");
        assertWrong(
                TaskType.TEXT_EMBEDDING,
                "{\"service_settings\": {\"model_id\": \" \"}}",
                "[service_settings.model_id] must be a string that is not blank, got [ ]");
        assertWrong(
                TaskType.TEXT_EMBEDDING,
                "{\"service_settings\": {\"model_id\": \"m\", \"dimensions\": 31}}",
                "[service_settings.dimensions] must be a whole number of at least [32], got [31]");
        assertWrong(
                TaskType.TEXT_EMBEDDING,
                "{\"service_settings\": {\"model_id\": \"m\", \"api_key\": \"{}\"}}",
                "[service_settings.api_key] is not known; [service_settings] knows"
                        + " [dimensions, model_id]");
        assertWrong(
                TaskType.RERANK,
                "{\"service_settings\": {\"dimensions\": 64}}",
                "[service_settings.dimensions] is not known; [service_settings] knows [model_id]");
        assertWrong(
                TaskType.RERANK,
                "{\"task_settings\": {\"top_n\": 3}}",
                "[task_settings.top_n] is not known; [task_settings] knows"
                        + " [instruction, max_length]");
        assertWrong(
                TaskType.RERANK,
                "{\"task_settings\": 3}",
                "[task_settings] must be an object, got [3]");
        assertWrong(
                TaskType.RERANK,
                "{\"chunking_settings\": {}}",
                "[chunking_settings] is not known to the service [qwen3] for task type [rerank]");
        assertWrong(
                TaskType.SPARSE_EMBEDDING,
                "{}",
                "The [qwen3] service does not support task type [sparse_embedding]");
    }

    private void assertWrong(TaskType taskType, String config, String message) {
        ElasticsearchStatusException wrong =
                expectThrows(ElasticsearchStatusException.class, () -> parse(taskType, config));
        assertEquals(message, wrong.getMessage());
        assertEquals(RestStatus.BAD_REQUEST, wrong.status());
    }

    public void testTaskSettingsAreUpdatedOneByOne() {
        PromptSettings settings = new PromptSettings("find", 100);
        assertEquals(
                new PromptSettings("find", 50),
                settings.updatedTaskSettings(new HashMap<>(Map.of("max_length", 50))));
        assertSame(settings, settings.overriddenBy(Map.of()));
        assertEquals(
                new PromptSettings("judge", 100),
                settings.overriddenBy(Map.of("instruction", "judge")));
        expectThrows(
                ElasticsearchStatusException.class, () -> settings.overriddenBy(Map.of("top", 1)));
    }

    private Model parse(TaskType taskType, String config) throws Exception {
        try (var parser = createParser(JsonXContent.jsonXContent, config)) {
            return parse(taskType, parser.map());
        }
    }

    private Model parse(TaskType taskType, Map<String, Object> config) {
        PlainActionFuture<Model> model = new PlainActionFuture<>();
        service.parseRequestConfig("endpoint", taskType, config, model);
        return model.actionGet();
    }
}
