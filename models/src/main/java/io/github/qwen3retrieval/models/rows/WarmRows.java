package io.github.qwen3retrieval.models.rows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * Has Java compile the loops of this package before the first request needs them: until they are
 * compiled, each vector is an object, and a pass of a few tokens takes a second. Once in a process
 * for each kind of pass.
 */
public final class WarmRows implements Runnable {

    private static final int LENGTH = 1024;
    private static final int HEADS = 4;
    private static final int DIMENSIONS = 128;
    private static final int ROWS = 16;
    private static final int PARTS = 3;
    private static final int BLOCK = 32;
    private static final float EPSILON = 1e-6f;

    /** Ways through {@link #ROWS} rows: enough for the last of Java's compilers to be done. */
    private static final int ROUNDS = 120;

    private final Rows stream = Rows.float32(memory(Float.BYTES * LENGTH), LENGTH);
    private final Rows half = Rows.bfloat16(memory(Short.BYTES * LENGTH), LENGTH);
    private final ByteBuffer out = memory(PARTS * Short.BYTES * LENGTH);
    private final float[] gain = new float[LENGTH];
    private final float[] steps = new float[ROWS];

    /** For the rows of passes that are taken apart, or that are rounded to 8 bits. */
    public enum Kind {
        /** {@link NormParts} and its like. */
        PARTS,
        /** {@link NormRounding} and its like. */
        ROUNDING,
        /** {@link CausalAttention} alone. */
        ATTENTION;

        private final AtomicBoolean begun = new AtomicBoolean();
    }

    private final Kind kind;

    /** Rows of zeros, for what a kind of pass goes through. */
    public WarmRows(Kind kind) {
        this.kind = kind;
    }

    private static ByteBuffer memory(int bytesOfARow) {
        return ByteBuffer.allocateDirect(ROWS * bytesOfARow);
    }

    /** Takes some tenths of a second the first time, and nothing afterwards. */
    @Override
    public void run() {
        if (kind.begun.compareAndSet(false, true)) {
            Arrays.fill(gain, 1);
            for (int i = 0; i < ROUNDS; i++) {
                switch (kind) {
                    case PARTS -> takeApart();
                    case ROUNDING -> round();
                    case ATTENTION -> {}
                }
                if (kind != Kind.ATTENTION) {
                    turn();
                }
                attend();
            }
        }
    }

    private void takeApart() {
        new NormParts(LENGTH, PARTS, EPSILON).run(stream, 0, ROWS, gain, out);
        new PlainParts(LENGTH, PARTS).run(half, 0, ROWS, out);
        new PlainParts(LENGTH, PARTS).run(stream, 0, ROWS, out);
        new GateParts(LENGTH / 2, PARTS).run(stream, ROWS, out);
        new PartSum(LENGTH, PARTS).run(stream, ROWS / PARTS, stream, 0, true);
    }

    private void round() {
        Arrays.fill(steps, 1);
        new NormRounding(LENGTH, BLOCK, EPSILON).run(stream, 0, gain, out, steps);
        new PlainRounding(LENGTH).run(half, 0, out, steps);
        new PlainRounding(LENGTH).run(stream, 0, out, steps);
        new GateRounding(LENGTH / 2, BLOCK).run(half, out, steps);
        new StepSum(LENGTH).run(half, steps, stream, 0);
    }

    private void turn() {
        turn(stream, Rows::float32, Float.BYTES);
        turn(half, Rows::bfloat16, Short.BYTES);
    }

    /** In float32, where that is how attention is computed. */
    private void attend() {
        if (CausalAttention.suits()) {
            int width = HEADS * DIMENSIONS;
            Rows rows = Rows.float32(memory(Float.BYTES * width), width);
            CausalAttention.Seen seen = new CausalAttention.Seen(rows, rows, ROWS);
            new CausalAttention(HEADS, HEADS, DIMENSIONS)
                    .run(rows, seen, CausalAttention.Seen.NOTHING, new long[] {ROWS}, rows);
        }
    }

    /** From rows of one type to queries, keys and values of it. */
    private void turn(Rows projected, BiFunction<ByteBuffer, Integer, Rows> type, int bytes) {
        int width = HEADS * DIMENSIONS;
        Rows queries = type.apply(memory(bytes * width), width);
        Rows keys = type.apply(memory(bytes * width / 2), width / 2);
        float[] angles = new float[ROWS * DIMENSIONS / 2];
        Arrays.fill(steps, 1);
        new HeadRotation(HEADS, HEADS / 2, DIMENSIONS, EPSILON)
                .run(
                        projected,
                        steps,
                        new HeadRotation.Gains(gain, gain),
                        new HeadRotation.Angles(angles, angles),
                        new HeadRotation.Heads(queries, keys, keys),
                        0);
    }
}
