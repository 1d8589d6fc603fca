package io.github.qwen3retrieval.models.endpoint;

import io.github.qwen3retrieval.models.checkpoint.ModelKind;
import java.net.URI;
import java.time.Duration;

/**
 * One remote model, as the administrator set it.
 *
 * @param id its {@code model_id}
 * @param kind what it does
 * @param url the service's base, which {@code /embeddings} or {@code /rerank} is appended to
 * @param model its name at the service
 * @param dimensions length of the service's vectors; 0 for a reranker
 * @param batchSize texts of one call
 * @param maxCalls calls at a time
 * @param timeout of one call with all its repetitions
 * @param maxRetries repetitions of one call
 * @param prompts who composes prompts
 * @param authorization value of the header of that name, or null for none
 */
public record EndpointOptions(
        String id,
        ModelKind kind,
        URI url,
        String model,
        int dimensions,
        int batchSize,
        int maxCalls,
        Duration timeout,
        int maxRetries,
        Prompts prompts,
        String authorization) {

    /** Who puts instruction and text together. */
    public enum Prompts {
        /** The plugin, as the models' cards say; the service gets the whole prompt as a text. */
        PLUGIN,
        /** The service, told by the members {@code instruction} and {@code input_type}. */
        SERVICE
    }

    /** Where the calls go. */
    URI address() {
        String path = kind == ModelKind.EMBEDDING ? "/embeddings" : "/rerank";
        return URI.create(url.toString().replaceFirst("/+$", "") + path);
    }

    /** The endpoint in messages. */
    String shown() {
        return "endpoint [" + id + "] at [" + url + "]";
    }

    /** Without the key. */
    @Override
    public String toString() {
        return shown();
    }
}
