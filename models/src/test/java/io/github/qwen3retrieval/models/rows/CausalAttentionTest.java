package io.github.qwen3retrieval.models.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each token attends to the prefix, to what stands before it in its own text, and to itself. */
class CausalAttentionTest {

    private static final int KEY_HEADS = 2;

    private final Case small = new Case(4, 16, 5, 1);

    /** What is attended to by texts of {1, 7, 130, 61} tokens. */
    private record Case(int heads, int dimensions, int past, float size) {

        static final long[] LENGTHS = {1, 7, 130, 61};

        int tokens() {
            return (int) Arrays.stream(LENGTHS).sum();
        }

        int width() {
            return heads * dimensions;
        }

        int keyWidth() {
            return KEY_HEADS * dimensions;
        }

        float[] queries() {
            float[] queries = gaussian(tokens() * width(), 1);
            for (int i = 0; i < queries.length; i++) {
                queries[i] *= size;
            }
            return queries;
        }

        float[] keys() {
            return gaussian((past + tokens()) * keyWidth(), 2);
        }

        float[] values() {
            return gaussian((past + tokens()) * keyWidth(), 3);
        }

        private static float[] gaussian(int count, int seed) {
            Random random = new Random(seed);
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            return numbers;
        }

        /** Of keys or values of prefix and texts those of the one or the others. */
        Rows rows(float[] both, boolean ofPrefix) {
            int border = past * keyWidth();
            float[] part =
                    ofPrefix
                            ? Arrays.copyOf(both, border)
                            : Arrays.copyOfRange(both, border, both.length);
            return Rows.float32(Numbers.memory(part), keyWidth());
        }

        float[] attended(float[] queries, float[] keys, float[] values, long... lengths) {
            int tokens = (int) Arrays.stream(lengths).sum();
            Rows into = Rows.float32(Numbers.memory(new float[tokens * width()]), width());
            new CausalAttention(heads, KEY_HEADS, dimensions)
                    .run(
                            Rows.float32(Numbers.memory(queries), width()),
                            new CausalAttention.Seen(
                                    rows(keys, false), rows(values, false), tokens),
                            new CausalAttention.Seen(rows(keys, true), rows(values, true), past),
                            lengths,
                            into);
            float[] all = new float[tokens * width()];
            float[] row = new float[width()];
            for (int i = 0; i < tokens; i++) {
                into.get(i, row);
                System.arraycopy(row, 0, all, i * width(), width());
            }
            return all;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 128, 0, 1",
        "4, 128, 90, 1",
        "8, 128, 64, 0.1",
        "4, 64, 1, 3",
        "6, 80, 0, 1",
        "4, 6, 70, 1",
        "2, 256, 3, 1",
        "4, 128, 300, 40"
    })
    void itIsTheFormulaComputedInDouble(int heads, int dimensions, int past, float size) {
        Case shape = new Case(heads, dimensions, past, size);
        float[] queries = shape.queries();
        float[] keys = shape.keys();
        float[] values = shape.values();
        float[] attended = shape.attended(queries, keys, values, Case.LENGTHS);
        // what float32 rounds off of a score grows with it, and is then multiplied by a weight
        double near = 2e-6 * Math.max(1, size);
        int first = 0;
        for (long length : Case.LENGTHS) {
            for (int t = 0; t < length; t++) {
                for (int head = 0; head < heads; head++) {
                    int at = (first + t) * shape.width() + head * dimensions;
                    double[] expected = expected(shape, queries, keys, values, first, t, head);
                    for (int d = 0; d < dimensions; d++) {
                        assertEquals(expected[d], attended[at + d], near, "token " + t);
                    }
                }
            }
            first += (int) length;
        }
    }

    private static double[] expected(
            Case shape, float[] q, float[] keys, float[] values, int first, int t, int head) {
        int dimensions = shape.dimensions;
        int keyHead = head / (shape.heads / KEY_HEADS) * dimensions;
        int query = (first + t) * shape.width() + head * dimensions;
        int seen = shape.past + t + 1;
        double[] scores = new double[seen];
        int[] places = new int[seen];
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < seen; i++) {
            int row = i < shape.past ? i : i + first;
            places[i] = row * shape.keyWidth() + keyHead;
            for (int d = 0; d < dimensions; d++) {
                scores[i] += (double) q[query + d] * keys[places[i] + d];
            }
            scores[i] /= Math.sqrt(dimensions);
            highest = Math.max(highest, scores[i]);
        }
        double[] result = new double[dimensions];
        double sum = 0;
        for (int i = 0; i < seen; i++) {
            double weight = Math.exp(scores[i] - highest);
            sum += weight;
            for (int d = 0; d < dimensions; d++) {
                result[d] += weight * values[places[i] + d];
            }
        }
        for (int d = 0; d < dimensions; d++) {
            result[d] /= sum;
        }
        return result;
    }

    @Test
    void aTextGivesTheSameBitsAloneAndAmongOthers() {
        float[] all = small.attended(small.queries(), small.keys(), small.values(), Case.LENGTHS);
        int first = 1 + 7;
        float[] alone =
                small.attended(
                        part(small.queries(), first, 130, small.width()),
                        withPast(small.keys(), first),
                        withPast(small.values(), first),
                        130);
        assertArrayEquals(part(all, first, 130, small.width()), alone);
    }

    private float[] part(float[] rows, int first, int count, int width) {
        return Arrays.copyOfRange(rows, first * width, (first + count) * width);
    }

    private float[] withPast(float[] both, int first) {
        int width = small.keyWidth();
        float[] joined = Arrays.copyOf(both, (small.past + 130) * width);
        System.arraycopy(
                both, (small.past + first) * width, joined, small.past * width, 130 * width);
        return joined;
    }

    @Test
    void whatIsNoNumberReachesTheTokensThatSeeItAndNoOthers() {
        float[] values = small.values();
        int poisoned = 1 + 7 + 60;
        Arrays.fill(
                values,
                (small.past + poisoned) * small.keyWidth(),
                (small.past + poisoned + 1) * small.keyWidth(),
                Float.NaN);
        float[] attended = small.attended(small.queries(), small.keys(), values, Case.LENGTHS);
        for (int token = 0; token < small.tokens(); token++) {
            boolean sees = token >= poisoned && token < 1 + 7 + 130;
            assertEquals(sees, Float.isNaN(attended[token * small.width()]), "token " + token);
        }
    }

    @Test
    void scoresThatAreNoNumberGiveNone() {
        float[] queries = small.queries();
        Arrays.fill(queries, 0, small.width(), Float.NaN);
        float[] attended = small.attended(queries, small.keys(), small.values(), Case.LENGTHS);
        assertTrue(Float.isNaN(attended[0]));
        assertTrue(Float.isFinite(attended[small.width()]));
    }
}
