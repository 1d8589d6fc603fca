package io.github.qwen3retrieval.models.bench;

import java.util.List;

/**
 * What to measure.
 *
 * @param lengths tokens of the texts, or empty for those of {@link #LENGTHS} that the model can
 *     read
 * @param batches texts of a request
 * @param batchLength tokens of each of these texts
 * @param stageLengths tokens of the texts whose passes are taken apart
 * @param seconds how long a figure is measured at least; once at any rate
 */
public record BenchOptions(
        List<Integer> lengths,
        List<Integer> batches,
        int batchLength,
        List<Integer> stageLengths,
        double seconds) {

    /** Lengths where none are given: with the smallest model a minute on two cores. */
    public static final List<Integer> LENGTHS = List.of(64, 256, 1024, 4096);

    /** Checks the options that are wrong whatever the model. */
    public BenchOptions {
        atLeast("--lengths", lengths, 2);
        atLeast("--batches", batches, 1);
        atLeast("--batch-length", List.of(batchLength), 2);
        atLeast("--stage-lengths", stageLengths, 2);
        if (seconds > 0 == false || seconds > 3600) {
            throw new IllegalArgumentException(
                    "[--seconds] must be above [0] and at most [3600], got [" + seconds + "]");
        }
        lengths = lengths.stream().sorted().distinct().toList();
        batches = batches.stream().sorted().distinct().toList();
        stageLengths = stageLengths.stream().sorted().distinct().toList();
    }

    private static void atLeast(String option, List<Integer> values, int least) {
        for (int value : values) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "[" + option + "] must be at least [" + least + "], got [" + value + "]");
            }
        }
    }
}
