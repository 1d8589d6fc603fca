package io.github.qwen3retrieval.ingest;

import io.github.qwen3retrieval.models.Embedder;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a node lends to the query vector builder.
 *
 * @param embedder asked for at each search, since Elasticsearch asks for the builder before the
 *     node's components exist; gives an embedder that completes its futures in the thread context
 *     of the caller
 * @param verifier compares queries with the fields that they name
 */
public record QueryServices(Supplier<Embedder> embedder, FieldVerifier verifier) {

    /** Neither may be null. */
    public QueryServices {
        Objects.requireNonNull(embedder, "embedder");
        Objects.requireNonNull(verifier, "verifier");
    }
}
