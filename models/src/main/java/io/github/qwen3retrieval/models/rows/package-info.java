/**
 * What a pass on a CPU computes between its products with weights: norms, rotation, attention, the
 * gate, and what readies a row for the next product, which is rounding to 8 bits or taking it apart
 * into bfloat16 parts.
 *
 * <p>In come rows of numbers where they lie in libtorch's memory ({@link
 * io.github.qwen3retrieval.models.rows.Rows}), products of matrices and the residual stream; out go
 * rows of bytes with the size of a step in each row, or the parts of rows, for the next product,
 * queries, keys and values for attention, and the stream itself. Each class is one such way, and
 * goes through a row once while it is in the cache nearest to the CPU. As operators of libtorch the
 * same takes some ten ways through all rows, which cost as much time as the products. Attention
 * ({@link io.github.qwen3retrieval.models.rows.CausalAttention}) takes rows of all heads apart into
 * what its products read.
 *
 * <p>It is written with Java's vectors (module {@code jdk.incubator.vector}, JEP 508), which
 * Elasticsearch's own jvm.options adds for Lucene: {@link
 * io.github.qwen3retrieval.models.rows.Lanes} has their shapes. What does not fill a vector goes
 * one by one.
 *
 * <p>Until Java has compiled these loops they take a hundred times as long, which {@link
 * io.github.qwen3retrieval.models.rows.WarmRows} sees to while a model is opened.
 *
 * <p>Threads: objects hold the rows that they work on, and are each for one thread at a time.
 */
package io.github.qwen3retrieval.models.rows;
