package io.github.qwen3retrieval.models.rows;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * From what comes out of the projection to queries, keys and values: RMSNorm with a gain and the
 * rotary position embedding for each head of queries and keys, values as they are.
 *
 * <p>The numbers are counted in steps, which RMSNorm is blind to but for its epsilon.
 */
public final class HeadRotation {

    private final int heads;
    private final int keyHeads;
    private final int dimensions;
    private final float epsilon;
    private final float[] row;
    private final float[] squares;
    private final float[] inverse;
    private final float[] queries;
    private final float[] keys;

    /**
     * For so many heads of queries, as many of keys as of values, and so many numbers each.
     *
     * @param epsilon added to the mean square
     */
    public HeadRotation(int heads, int keyHeads, int dimensions, float epsilon) {
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.dimensions = dimensions;
        this.epsilon = epsilon;
        row = new float[(heads + 2 * keyHeads) * dimensions];
        squares = new float[(heads + keyHeads) * Lanes.COUNT];
        inverse = new float[heads + keyHeads];
        queries = new float[heads * dimensions];
        keys = new float[keyHeads * dimensions];
    }

    /**
     * Turns rows.
     *
     * @param projected [rows, (heads + 2 · keyHeads) · dimensions] queries, keys and values
     * @param worth [rows] of a step
     * @param gains of queries and of keys, each [dimensions]
     * @param angles of every token of the pass
     * @param into queries, keys and values of all tokens, of which these rows are written
     * @param first token of the pass that these rows are
     */
    public void run(
            Rows projected, float[] worth, Gains gains, Angles angles, Heads into, int first) {
        for (int i = 0; i < worth.length; i++) {
            projected.get(i, row);
            measure(epsilon / (worth[i] * worth[i]));
            turn(0, queries, gains.queries, angles, first + i);
            into.queries.put(first + i, queries);
            turn(heads, keys, gains.keys, angles, first + i);
            into.keys.put(first + i, keys);
            scale((heads + keyHeads) * dimensions, worth[i]);
            into.values.put(first + i, keys);
        }
    }

    /**
     * One over the root mean square of each head of queries and keys. Heads are the inner loop here
     * and in what follows: there are more of them than vectors in a head.
     */
    private void measure(float small) {
        Arrays.fill(squares, 0);
        int whole = Lanes.whole(dimensions);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            for (int head = 0; head < inverse.length; head++) {
                FloatVector x = FloatVector.fromArray(Lanes.FLOATS, row, head * dimensions + i);
                int sum = head * Lanes.COUNT;
                x.fma(x, FloatVector.fromArray(Lanes.FLOATS, squares, sum)).intoArray(squares, sum);
            }
        }
        for (int head = 0; head < inverse.length; head++) {
            float sum = Lanes.sum(FloatVector.fromArray(Lanes.FLOATS, squares, head * Lanes.COUNT));
            for (int i = whole; i < dimensions; i++) {
                float x = row[head * dimensions + i];
                sum += x * x;
            }
            inverse[head] = 1 / (float) Math.sqrt(sum / dimensions + small);
        }
    }

    /** Norm and rotation of the heads from one on, as many as fill the array. */
    private void turn(int first, float[] to, float[] gain, Angles angles, int index) {
        int half = dimensions / 2;
        int angle = index * half;
        int whole = Lanes.whole(half);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector gainA = FloatVector.fromArray(Lanes.FLOATS, gain, i);
            FloatVector gainB = FloatVector.fromArray(Lanes.FLOATS, gain, half + i);
            FloatVector cos = FloatVector.fromArray(Lanes.FLOATS, angles.cosines, angle + i);
            FloatVector sin = FloatVector.fromArray(Lanes.FLOATS, angles.sines, angle + i);
            FloatVector cosA = cos.mul(gainA);
            FloatVector sinA = sin.mul(gainA);
            FloatVector cosB = cos.mul(gainB);
            FloatVector sinB = sin.mul(gainB);
            int from = first * dimensions + i;
            int head = first;
            for (int at = i; at < to.length; at += dimensions) {
                FloatVector a = FloatVector.fromArray(Lanes.FLOATS, row, from).mul(inverse[head]);
                FloatVector b =
                        FloatVector.fromArray(Lanes.FLOATS, row, from + half).mul(inverse[head]);
                a.mul(cosA).sub(b.mul(sinB)).intoArray(to, at);
                b.mul(cosB).add(a.mul(sinA)).intoArray(to, at + half);
                from += dimensions;
                head++;
            }
        }
        for (int i = whole; i < half; i++) {
            float cos = angles.cosines[angle + i];
            float sin = angles.sines[angle + i];
            for (int at = i, head = first; at < to.length; at += dimensions, head++) {
                int from = head * dimensions + i;
                float a = row[from] * inverse[head] * gain[i];
                float b = row[from + half] * inverse[head] * gain[half + i];
                to[at] = a * cos - b * sin;
                to[at + half] = b * cos + a * sin;
            }
        }
    }

    /** Values of the row, into the place of the keys, which are written by then. */
    private void scale(int from, float worth) {
        int whole = Lanes.whole(keys.length);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, row, from + i).mul(worth).intoArray(keys, i);
        }
        for (int i = whole; i < keys.length; i++) {
            keys[i] = row[from + i] * worth;
        }
    }

    /** Gains of the norms of queries and keys, each [dimensions]. */
    public record Gains(float[] queries, float[] keys) {}

    /** Cosines and sines of the angles of all tokens, each [tokens · dimensions / 2]. */
    public record Angles(float[] cosines, float[] sines) {}

    /** Where queries, keys and values go. */
    public record Heads(Rows queries, Rows keys, Rows values) {}
}
