package io.github.qwen3retrieval.models.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much of what waits a pass takes. While there is plenty, as much as is allowed; of the rest no
 * more than a thread's part, so that the last passes are short ones and all threads end at about
 * the same time. This is guided self-scheduling (Polychronopoulos and Kuck, 1987): no thread needs
 * to know what the others are at.
 *
 * @param most tokens of a pass; a longer text is a pass of its own
 * @param threads that run passes
 */
record PassSize(int most, int threads) {

    /**
     * Tokens of the next pass, from 1 to {@link #most}.
     *
     * @param left tokens that wait
     * @param fewest of a pass that costs no more by the token than a longer one, see {@link
     *     io.github.qwen3retrieval.models.network.Network#fewestTokens}
     */
    int tokens(long left, int fewest) {
        long part = Math.ceilDiv(left, threads);
        return Math.clamp(part, Math.min(fewest, most), most);
    }

    /**
     * Where passes begin that share texts out: as many neighbours as a pass takes, at least one.
     *
     * @param lengths tokens of each text
     * @param fewest as for {@link #tokens}
     */
    List<Integer> starts(int[] lengths, int fewest) {
        List<Integer> starts = new ArrayList<>();
        long left = Arrays.stream(lengths).asLongStream().sum();
        int room = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (starts.isEmpty() || lengths[i] > room) {
                starts.add(i);
                room = tokens(left, fewest);
            }
            room -= lengths[i];
            left -= lengths[i];
        }
        return starts;
    }
}
