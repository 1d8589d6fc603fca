package io.github.qwen3retrieval.models.rows;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product of a few rows with a panel of columns, the loop in which attention spends its time:
 * {@link #ROWS} × {@link #WIDTH} sums in 24 registers of 512 bits, which leaves four of 32 for the
 * panel's numbers and the rest for a row's.
 */
final class PanelProduct {

    /** Rows of a product. */
    static final int ROWS = 12;

    /** Numbers of a panel side by side, four vectors. */
    static final int WIDTH = 32;

    /** Java computes with vectors that the CPU does not have, too, but slowly. */
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;

    private static final int LANES = 16;

    private PanelProduct() {}

    /** The least multiple of {@link #WIDTH} that is not less. */
    static int roundUp(int count) {
        return (count + WIDTH - 1) / WIDTH * WIDTH;
    }

    /** Whether the CPU has vectors as wide, and with them as many registers. */
    static boolean suits() {
        return Lanes.COUNT == LANES;
    }

    /**
     * Multiplies rows of a by a panel.
     *
     * @param a rows, the first at {@code aAt}, the next one {@code aStride} behind it
     * @param b the panel [depth, WIDTH] at {@code bAt}, a row {@code bStride} behind the other
     * @param c results, the first row at {@code cAt}, the next one {@code cStride} behind it
     * @param add whether to add to what is there
     */
    static void run(
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            int depth,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int c0 = cAt;
        int c1 = cAt + 1 * cStride;
        int c2 = cAt + 2 * cStride;
        int c3 = cAt + 3 * cStride;
        int c4 = cAt + 4 * cStride;
        int c5 = cAt + 5 * cStride;
        int c6 = cAt + 6 * cStride;
        int c7 = cAt + 7 * cStride;
        int c8 = cAt + 8 * cStride;
        int c9 = cAt + 9 * cStride;
        int c10 = cAt + 10 * cStride;
        int c11 = cAt + 11 * cStride;
        FloatVector s0_0 = sum(c, c0, add);
        FloatVector s0_1 = sum(c, c0 + 1 * LANES, add);
        FloatVector s1_0 = sum(c, c1, add);
        FloatVector s1_1 = sum(c, c1 + 1 * LANES, add);
        FloatVector s2_0 = sum(c, c2, add);
        FloatVector s2_1 = sum(c, c2 + 1 * LANES, add);
        FloatVector s3_0 = sum(c, c3, add);
        FloatVector s3_1 = sum(c, c3 + 1 * LANES, add);
        FloatVector s4_0 = sum(c, c4, add);
        FloatVector s4_1 = sum(c, c4 + 1 * LANES, add);
        FloatVector s5_0 = sum(c, c5, add);
        FloatVector s5_1 = sum(c, c5 + 1 * LANES, add);
        FloatVector s6_0 = sum(c, c6, add);
        FloatVector s6_1 = sum(c, c6 + 1 * LANES, add);
        FloatVector s7_0 = sum(c, c7, add);
        FloatVector s7_1 = sum(c, c7 + 1 * LANES, add);
        FloatVector s8_0 = sum(c, c8, add);
        FloatVector s8_1 = sum(c, c8 + 1 * LANES, add);
        FloatVector s9_0 = sum(c, c9, add);
        FloatVector s9_1 = sum(c, c9 + 1 * LANES, add);
        FloatVector s10_0 = sum(c, c10, add);
        FloatVector s10_1 = sum(c, c10 + 1 * LANES, add);
        FloatVector s11_0 = sum(c, c11, add);
        FloatVector s11_1 = sum(c, c11 + 1 * LANES, add);
        for (int k = 0; k < depth; k++) {
            int at = bAt + k * bStride;
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, at + 1 * LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + k]);
            s0_0 = a0.fma(b0, s0_0);
            s0_1 = a0.fma(b1, s0_1);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + 1 * aStride + k]);
            s1_0 = a1.fma(b0, s1_0);
            s1_1 = a1.fma(b1, s1_1);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + 2 * aStride + k]);
            s2_0 = a2.fma(b0, s2_0);
            s2_1 = a2.fma(b1, s2_1);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + 3 * aStride + k]);
            s3_0 = a3.fma(b0, s3_0);
            s3_1 = a3.fma(b1, s3_1);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + 4 * aStride + k]);
            s4_0 = a4.fma(b0, s4_0);
            s4_1 = a4.fma(b1, s4_1);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + 5 * aStride + k]);
            s5_0 = a5.fma(b0, s5_0);
            s5_1 = a5.fma(b1, s5_1);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aAt + 6 * aStride + k]);
            s6_0 = a6.fma(b0, s6_0);
            s6_1 = a6.fma(b1, s6_1);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aAt + 7 * aStride + k]);
            s7_0 = a7.fma(b0, s7_0);
            s7_1 = a7.fma(b1, s7_1);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[aAt + 8 * aStride + k]);
            s8_0 = a8.fma(b0, s8_0);
            s8_1 = a8.fma(b1, s8_1);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[aAt + 9 * aStride + k]);
            s9_0 = a9.fma(b0, s9_0);
            s9_1 = a9.fma(b1, s9_1);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[aAt + 10 * aStride + k]);
            s10_0 = a10.fma(b0, s10_0);
            s10_1 = a10.fma(b1, s10_1);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[aAt + 11 * aStride + k]);
            s11_0 = a11.fma(b0, s11_0);
            s11_1 = a11.fma(b1, s11_1);
        }
        s0_0.intoArray(c, c0);
        s0_1.intoArray(c, c0 + 1 * LANES);
        s1_0.intoArray(c, c1);
        s1_1.intoArray(c, c1 + 1 * LANES);
        s2_0.intoArray(c, c2);
        s2_1.intoArray(c, c2 + 1 * LANES);
        s3_0.intoArray(c, c3);
        s3_1.intoArray(c, c3 + 1 * LANES);
        s4_0.intoArray(c, c4);
        s4_1.intoArray(c, c4 + 1 * LANES);
        s5_0.intoArray(c, c5);
        s5_1.intoArray(c, c5 + 1 * LANES);
        s6_0.intoArray(c, c6);
        s6_1.intoArray(c, c6 + 1 * LANES);
        s7_0.intoArray(c, c7);
        s7_1.intoArray(c, c7 + 1 * LANES);
        s8_0.intoArray(c, c8);
        s8_1.intoArray(c, c8 + 1 * LANES);
        s9_0.intoArray(c, c9);
        s9_1.intoArray(c, c9 + 1 * LANES);
        s10_0.intoArray(c, c10);
        s10_1.intoArray(c, c10 + 1 * LANES);
        s11_0.intoArray(c, c11);
        s11_1.intoArray(c, c11 + 1 * LANES);
    }

    private static FloatVector sum(float[] c, int at, boolean add) {
        return add ? FloatVector.fromArray(SPECIES, c, at) : FloatVector.zero(SPECIES);
    }
}
