/**
 * What {@code qwen3 bench} measures, and how it is told.
 *
 * <p>In come the folder of a checkpoint and a few options; out goes a {@link
 * io.github.qwen3retrieval.models.bench.Report}: flat figures, each in a group, a row and a column,
 * from which the table, the JSON and the comparison with an earlier run are made alike, and the
 * curve of cost against length, of which the plot is made.
 *
 * <p>Speeds are taken through {@link io.github.qwen3retrieval.models.serving.Models}, as a request
 * meets them: tokenising, queue and threads included. Times of stages are taken on a network of
 * their own, one pass on one thread. Nothing here is timed by a test.
 */
package io.github.qwen3retrieval.models.bench;
