/**
 * What an int8 pass computes between its matrix products: norms, rotation, the gate, rounding.
 *
 * <p>In come rows of numbers where they lie in libtorch's memory ({@link
 * io.github.qwen3retrieval.models.rows.Rows}), products of matrices and the residual stream; out go
 * rows of bytes for the next product, with the size of a step in each row, queries, keys and values
 * for attention, and the stream itself. Each class is one such way, and goes through a row once
 * while it is in the cache nearest to the CPU. As operators of libtorch the same takes some ten
 * ways through all rows, which cost as much time as the products.
 *
 * <p>It is written with Java's vectors (module {@code jdk.incubator.vector}, JEP 508), which
 * Elasticsearch's own jvm.options adds for Lucene: {@link
 * io.github.qwen3retrieval.models.rows.Lanes} has their shapes. What does not fill a vector goes
 * one by one.
 *
 * <p>Threads: objects hold the rows that they work on, and are each for one thread at a time.
 */
package io.github.qwen3retrieval.models.rows;
