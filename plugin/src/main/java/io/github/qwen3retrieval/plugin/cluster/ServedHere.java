package io.github.qwen3retrieval.plugin.cluster;

import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.EmbeddingRequest;
import io.github.qwen3retrieval.models.RerankRequest;
import io.github.qwen3retrieval.models.RerankResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Everything that this node serves, from several sources. Where two have a model of the same id,
 * the first one answers for it.
 *
 * @param sources asked in this order; the last one gets what none has, and says what is wrong
 */
public record ServedHere(List<Served> sources) implements Served {

    /** Copies the list. */
    public ServedHere {
        sources = List.copyOf(sources);
    }

    @Override
    public List<Offer> offers() {
        Set<String> seen = new HashSet<>();
        return sources.stream()
                .flatMap(source -> source.offers().stream())
                .filter(offer -> seen.add(offer.modelId()))
                .toList();
    }

    @Override
    public boolean has(String modelId) {
        return sources.stream().anyMatch(source -> source.has(modelId));
    }

    @Override
    public long queueTokens() {
        return sources.stream().mapToLong(Served::queueTokens).sum();
    }

    @Override
    public boolean resolves() {
        return sources.size() == 1 && sources.getFirst().resolves();
    }

    @Override
    public CompletableFuture<List<Embedding>> embed(EmbeddingRequest request) {
        return source(request.modelId()).embed(request);
    }

    @Override
    public CompletableFuture<RerankResponse> rerank(RerankRequest request) {
        return source(request.modelId()).rerank(request);
    }

    private Served source(String modelId) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException(
                    "[model_id] [" + modelId + "] is not on this node, which runs no models");
        }
        for (Served source : sources.subList(0, sources.size() - 1)) {
            if (source.has(modelId)) {
                return source;
            }
        }
        return sources.getLast();
    }
}
