package io.github.qwen3retrieval.models.endpoint;

import io.github.qwen3retrieval.models.Embedder;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import io.github.qwen3retrieval.models.RerankScore;
import io.github.qwen3retrieval.models.Reranker;
import io.github.qwen3retrieval.models.UnknownModelException;
import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import io.github.qwen3retrieval.models.serving.ModelStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The remote models of a node. Without any, it costs nothing. */
public final class Endpoints implements Embedder, Reranker, AutoCloseable {

    private final EndpointHttp http;
    private final Map<String, RemoteModel<?>> models = new TreeMap<>();
    private final Map<String, Embedder> embedders = new TreeMap<>();
    private final Map<String, Reranker> rerankers = new TreeMap<>();

    /** Remote models as they are set; no connection is made before the first request. */
    public Endpoints(List<EndpointOptions> options) {
        http = options.isEmpty() ? null : new EndpointHttp();
        for (EndpointOptions each : options) {
            if (each.kind() == ModelKind.EMBEDDING) {
                RemoteModel<Embedding> model = new RemoteModel<>(each, http);
                embedders.put(each.id(), new EmbeddingEndpoint(model));
                models.put(each.id(), model);
            } else {
                RemoteModel<RerankScore> model = new RemoteModel<>(each, http);
                rerankers.put(each.id(), new RerankEndpoint(model));
                models.put(each.id(), model);
            }
        }
    }

    /** Whether a model is remote. */
    public boolean has(String modelId) {
        return modelId != null && models.containsKey(modelId);
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return of(embedders, request.modelId(), "embedding").embed(request);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        return of(rerankers, request.modelId(), "reranker").rerank(request);
    }

    private <M> M of(Map<String, M> kind, String modelId, String name) {
        if (has(modelId) == false) {
            throw new UnknownModelException(
                    "[model_id] [" + modelId + "] is none of the endpoints " + models.keySet());
        }
        M model = kind.get(modelId);
        if (model == null) {
            throw new IllegalArgumentException(
                    "[model_id] ["
                            + modelId
                            + "] is not of kind ["
                            + name
                            + "], which is needed here; endpoints of that kind are "
                            + kind.keySet());
        }
        return model;
    }

    /** Only who composes prompts can count their tokens. */
    static void refuseMaxLength(Integer maxLength, EndpointOptions options) {
        if (maxLength != null) {
            throw new IllegalArgumentException(
                    "[max_length] ["
                            + maxLength
                            + "] cannot be kept for model ["
                            + options.id()
                            + "]: its service cuts texts; leave it out, or set [qwen3.endpoint."
                            + options.id()
                            + ".prompts] to [service] where the service knows it");
        }
    }

    /** What is known of each, by name. Makes no request. */
    public List<ModelStatus> list() {
        return models.values().stream().map(Endpoints::status).toList();
    }

    private static ModelStatus status(RemoteModel<?> model) {
        EndpointOptions options = model.options();
        String open = model.circuitOpen();
        return new ModelStatus(
                options.id(),
                options.kind() == ModelKind.EMBEDDING ? "embedding" : "reranker",
                open == null ? "remote" : "circuit_open",
                "remote",
                0,
                0,
                options.dimensions(),
                null,
                open == null ? null : options.shown() + " " + open);
    }

    /** Counters of each, by name. */
    public List<EndpointStats> stats() {
        return models.values().stream().map(RemoteModel::stats).toList();
    }

    /** Fails what waits and ends what is under way. */
    @Override
    public void close() {
        models.values().forEach(RemoteModel::close);
        if (http != null) {
            http.close();
        }
    }
}
