/**
 * Weights of a checkpoint as 8-bit integers: how they are made, and the file that keeps them.
 *
 * <p>Every matrix is rounded per output channel, symmetrically, and meets activations that are
 * rounded per token. What makes this hold with the outliers of real Qwen models, a few channels
 * that are some fifty times as large as the others, is that whatever is rounded is first spread
 * over its neighbours by a {@link io.github.qwen3retrieval.models.int8.BlockHadamard}: an
 * orthogonal matrix that stands, transposed, in the weights, so that in exact arithmetic nothing
 * changes. The pass computes it for the inputs of the projections; for the attention's values it is
 * part of the weights on both sides.
 *
 * <p>The other way, rotating the whole residual stream once at load (QuaRot: Ashkboos and others,
 * 2024), costs nothing in a pass, but then the gain of a norm can only be part of the matrix behind
 * it, and where that gain is what makes a channel small again, all others have been rounded in
 * steps of the large one. With such outliers, on four small random networks, 1 − cosine to float32
 * was several times as large with it as with this way. What this way gives: {@code Int8Accuracy}
 * among the tests, by hand.
 *
 * <p>The preparation takes some seconds for the smallest model, so {@link
 * io.github.qwen3retrieval.models.int8.PreparedFile} keeps its result beside the checkpoint. Where
 * that cannot be written, everything works and each opening takes those seconds.
 *
 * <p>Everything here is plain Java on byte buffers, one matrix at a time: float32 copies in native
 * memory would stay with its allocator when they are freed.
 */
package io.github.qwen3retrieval.models.int8;
