/**
 * Many requests, few passes: from the seam's requests to batches on the network and back.
 *
 * <p>A request comes in at {@link io.github.qwen3retrieval.models.serving.Models}, is admitted to
 * the bounded queue or refused, waits for its model to be open, is tokenised on a preparing thread,
 * and stands in the {@code WorkQueue} as one or several pieces of {@code Work}. A few {@code
 * Worker} threads take pieces, searches ahead of ingest, join texts of many requests into a batch
 * of bounded tokens, run the network and complete the requests' futures. Work whose future is
 * already done, because it was cancelled or timed out, is dropped instead of computed, and a long
 * pass for ingest lets searches through between two layers. Threads without work lend themselves to
 * passes that run: each is led by its own thread, and others do pieces of its steps ({@code
 * ThreadShares}, {@code Crew}).
 *
 * <p>What prompts begin with alike is computed once and kept as keys and values ({@code
 * SharedPrefix}): the system text of a reranker, instruction and query of a rerank request, and the
 * last few instructions of queries ({@code Instructions}).
 *
 * <p>Where caches are on, vectors of queries and scores of documents that are known are taken from
 * them before anything is tokenised, and equal queries at once are computed once. They hold digests
 * of texts, never texts, and forget a model when it is reloaded.
 *
 * <p>A model is held by whoever opened it and by every piece of work that it is to do. Reloading
 * puts another in its place for what comes; it is closed when the last piece is finished. Its files
 * are watched: replacing or removing a folder does an open model no harm, writing into one of its
 * files ends its answers, since the weights are mapped.
 */
package io.github.qwen3retrieval.models.serving;
