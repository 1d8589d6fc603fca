/**
 * Many requests, few passes: from the seam's requests to batches on the network and back.
 *
 * <p>A request comes in at {@link io.github.qwen3retrieval.models.serving.Models}, is admitted to
 * the bounded queue or refused, waits for its model to be open, is tokenised on the preparing
 * thread, and stands in the {@code WorkQueue} as one or several pieces of {@code Work}. A few
 * {@code Worker} threads take pieces, searches ahead of ingest, join texts of many requests into a
 * batch of bounded tokens, run the network and complete the requests' futures. Work whose future is
 * already done, because it was cancelled or timed out, is dropped instead of computed, and a long
 * pass for ingest lets searches through between two layers.
 */
package io.github.qwen3retrieval.models.serving;
