package io.github.qwen3retrieval.models.bench;

import io.github.qwen3retrieval.models.network.Precision;
import java.nio.file.Path;

/**
 * The model that is measured and how it runs.
 *
 * @param folder of the checkpoint
 * @param precision what it computes in
 * @param device as in the option {@code --device}
 * @param threads passes side by side
 * @param batchTokens tokens of one pass; a longer text is a pass of its own
 */
public record ModelSetup(
        Path folder, Precision precision, String device, int threads, int batchTokens) {}
