package io.github.qwen3retrieval.inference;

import io.github.qwen3retrieval.spi.ModelAccess;
import io.github.qwen3retrieval.spi.TextsToEmbed;
import io.github.qwen3retrieval.spi.TextsToScore;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.core.TimeValue;
import org.elasticsearch.inference.ChunkInferenceInput;
import org.elasticsearch.inference.ChunkedInference;
import org.elasticsearch.inference.EmbeddingRequest;
import org.elasticsearch.inference.InferenceService;
import org.elasticsearch.inference.InferenceServiceConfiguration;
import org.elasticsearch.inference.InferenceServiceResults;
import org.elasticsearch.inference.InferenceString;
import org.elasticsearch.inference.InferenceStringGroup;
import org.elasticsearch.inference.InputType;
import org.elasticsearch.inference.Model;
import org.elasticsearch.inference.ModelConfigurations;
import org.elasticsearch.inference.ModelSecrets;
import org.elasticsearch.inference.RerankRequest;
import org.elasticsearch.inference.TaskType;
import org.elasticsearch.inference.UnifiedCompletionRequest;
import org.elasticsearch.inference.UnparsedModel;
import org.elasticsearch.xpack.core.inference.chunking.EmbeddingRequestChunker;
import org.elasticsearch.xpack.core.inference.results.EmbeddingFloatResults;

/**
 * The service {@value #NAME}: task types {@code text_embedding} and {@code rerank}.
 *
 * <p>Searches are embedded with an instruction, documents bare. Failures carry the status that the
 * models give them.
 */
public final class Qwen3InferenceService implements InferenceService {

    /** The service's name. */
    public static final String NAME = "qwen3";

    static final EnumSet<TaskType> TASK_TYPES =
            EnumSet.of(TaskType.TEXT_EMBEDDING, TaskType.RERANK);

    /**
     * Chunks of one call. A call that fails fails all its chunks, and a queue that is full refuses
     * whole calls; our batches are cut by tokens, so a small number costs nothing.
     */
    private static final int CHUNKS_OF_A_CALL = 32;

    /** The default of {@code _inference}, for callers that give none. */
    private static final TimeValue DEFAULT_TIMEOUT = TimeValue.timeValueSeconds(30);

    private final Supplier<ModelAccess> models;
    private final TimedCalls calls;

    /**
     * Serves with these.
     *
     * @param models asked at each call: Elasticsearch makes services before the models are there
     */
    Qwen3InferenceService(Supplier<ModelAccess> models, TimedCalls calls) {
        this.models = models;
        this.calls = calls;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EnumSet<TaskType> supportedTaskTypes() {
        return EnumSet.copyOf(TASK_TYPES);
    }

    @Override
    public InferenceServiceConfiguration getConfiguration() {
        return ServiceDescription.get();
    }

    @Override
    public TransportVersion getMinimalSupportedVersion() {
        return TransportVersion.minimumCompatible();
    }

    @Override
    public void parseRequestConfig(
            String modelId,
            TaskType taskType,
            Map<String, Object> config,
            ActionListener<Model> listener) {
        ActionListener.completeWith(
                listener,
                () -> {
                    ModelConfig request = new ModelConfig(modelId, taskType, config);
                    Model model = request.read();
                    request.end();
                    return model;
                });
    }

    @Override
    public Model parsePersistedConfig(UnparsedModel stored) {
        return new ModelConfig(stored.inferenceEntityId(), stored.taskType(), stored.settings())
                .read();
    }

    @Override
    public Model buildModelFromConfigAndSecrets(ModelConfigurations config, ModelSecrets secrets) {
        if (TASK_TYPES.contains(config.getTaskType()) == false) {
            throw ModelConfig.unsupported(config.getTaskType());
        }
        return new Model(config, secrets);
    }

    @Override
    public Model updateModelWithEmbeddingDetails(Model model, int embeddingSize) {
        EmbeddingSettings settings = embeddingSettings(model);
        return new Model(model, new EmbeddingSettings(settings.modelId(), embeddingSize));
    }

    @Override
    public void infer(
            Model model,
            List<String> input,
            boolean stream,
            Map<String, Object> taskSettings,
            InputType inputType,
            TimeValue timeout,
            ActionListener<InferenceServiceResults> listener) {
        ActionListener.run(
                listener,
                l -> {
                    EmbeddingSettings settings = embeddingSettings(model);
                    boolean query = isQuery(inputType);
                    PromptSettings prompt = prompt(model, taskSettings);
                    TextsToEmbed texts =
                            new TextsToEmbed(
                                    settings.modelId(),
                                    query,
                                    input,
                                    query ? prompt.instruction() : null,
                                    settings.dimensions(),
                                    prompt.maxLength());
                    // without a limit of its caller a query has that of qwen3.query.timeout
                    TimeValue limit = timeout == null && query == false ? DEFAULT_TIMEOUT : timeout;
                    calls.answer(models.get().embed(texts), limit, Results::embeddings, l);
                });
    }

    @Override
    public void chunkedInfer(
            Model model,
            List<ChunkInferenceInput> input,
            Map<String, Object> taskSettings,
            InputType inputType,
            TimeValue timeout,
            ActionListener<List<ChunkedInference>> listener) {
        ActionListener.run(
                listener,
                l -> {
                    embeddingSettings(model);
                    InferenceService.validateChunkedInferInputs(this, input);
                    if (input.isEmpty()) {
                        l.onResponse(List.of());
                        return;
                    }
                    var chunker =
                            new EmbeddingRequestChunker<EmbeddingFloatResults.Embedding>(
                                    input,
                                    CHUNKS_OF_A_CALL,
                                    model.getConfigurations().getChunkingSettings());
                    for (var call : chunker.batchRequestsWithListeners(l)) {
                        List<String> texts =
                                call.batch().inputs().get().stream()
                                        .map(InferenceStringGroup::textValue)
                                        .toList();
                        infer(
                                model,
                                texts,
                                false,
                                taskSettings,
                                inputType,
                                timeout,
                                call.listener());
                    }
                });
    }

    @Override
    public void rerankInfer(
            Model model,
            RerankRequest request,
            TimeValue timeout,
            ActionListener<InferenceServiceResults> listener) {
        ActionListener.run(
                listener,
                l -> {
                    if (model.getServiceSettings() instanceof RerankSettings settings) {
                        PromptSettings prompt = prompt(model, request.taskSettings());
                        List<String> texts =
                                request.inputs().stream().map(Qwen3InferenceService::text).toList();
                        TextsToScore call =
                                new TextsToScore(
                                        settings.modelId(),
                                        text(request.query()),
                                        texts,
                                        prompt.instruction(),
                                        prompt.maxLength());
                        calls.answer(
                                models.get().score(call),
                                timeout == null ? DEFAULT_TIMEOUT : timeout,
                                scores -> Results.ranked(request, scores),
                                l);
                    } else {
                        throw wrongTask(model, TaskType.RERANK);
                    }
                });
    }

    @Override
    public void embeddingInfer(
            Model model,
            EmbeddingRequest request,
            TimeValue timeout,
            ActionListener<InferenceServiceResults> listener) {
        listener.onFailure(ModelConfig.unsupported(TaskType.EMBEDDING));
    }

    @Override
    public void unifiedCompletionInfer(
            Model model,
            UnifiedCompletionRequest request,
            TimeValue timeout,
            ActionListener<InferenceServiceResults> listener) {
        listener.onFailure(ModelConfig.unsupported(TaskType.CHAT_COMPLETION));
    }

    /** Nothing to do: a model is opened at its first request, which PUT makes to check it. */
    @Override
    public void start(Model model, TimeValue timeout, ActionListener<Void> listener) {
        listener.onResponse(null);
    }

    @Override
    public void close() {}

    private static EmbeddingSettings embeddingSettings(Model model) {
        if (model.getServiceSettings() instanceof EmbeddingSettings settings) {
            return settings;
        }
        throw wrongTask(model, TaskType.TEXT_EMBEDDING);
    }

    private static PromptSettings prompt(Model model, Map<String, Object> ofRequest) {
        return ((PromptSettings) model.getTaskSettings()).overriddenBy(ofRequest);
    }

    private static RuntimeException wrongTask(Model model, TaskType asked) {
        return SettingsMap.wrong(
                "the endpoint ["
                        + model.getInferenceEntityId()
                        + "] is of task type ["
                        + model.getTaskType()
                        + "], asked for was ["
                        + asked
                        + "]");
    }

    private static boolean isQuery(InputType inputType) {
        return switch (inputType) {
            case null -> false;
            case SEARCH, INTERNAL_SEARCH -> true;
            case INGEST, INTERNAL_INGEST, UNSPECIFIED -> false;
            case CLASSIFICATION, CLUSTERING ->
                    throw SettingsMap.wrong(
                            "[input_type] must be one of [ingest, search], got ["
                                    + inputType
                                    + "]");
        };
    }

    private static String text(InferenceString input) {
        if (input.isText()) {
            return input.value();
        }
        throw SettingsMap.wrong(
                "the service [" + NAME + "] reads texts alone, got [" + input.dataType() + "]");
    }
}
