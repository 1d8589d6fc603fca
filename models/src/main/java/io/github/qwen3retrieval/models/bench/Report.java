package io.github.qwen3retrieval.models.bench;

import java.util.List;
import java.util.Map;

/**
 * All that one run of the benchmark found.
 *
 * @param facts what was measured and on what, by name: figures of two runs compare where these are
 *     equal
 * @param figures in the order in which they are shown
 * @param curve cost against length, by length
 */
public record Report(Map<String, String> facts, List<Figure> figures, List<LengthCost> curve) {}
