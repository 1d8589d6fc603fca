/**
 * Whether the vectors of a field and of a query come from the same model.
 *
 * <p>An index says in its mapping, under {@code _meta.qwen3.<field>}, from what its vectors were
 * made: its {@link io.github.qwen3retrieval.plugin.identity.Stamp}, put there by whoever made the
 * index or its template. A query that names its field is compared with that by {@link
 * io.github.qwen3retrieval.plugin.identity.StampVerifier} before it is embedded. What the user may
 * not see is as if it were not there: whether the field is theirs to see is asked of Elasticsearch
 * in their name.
 */
package io.github.qwen3retrieval.plugin.identity;
