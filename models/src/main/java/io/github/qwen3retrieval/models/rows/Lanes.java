package io.github.qwen3retrieval.models.rows;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** How many numbers this CPU computes with at once, and the shapes of as many of other types. */
final class Lanes {

    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** Numbers in one vector: 16 with AVX-512, 8 with AVX2. */
    static final int COUNT = FLOATS.length();

    /** Shapes of under 64 bits do not exist; whoever has but 4 lanes goes one by one. */
    private static final boolean WIDE = COUNT >= 8;

    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * COUNT)));
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, 16 * COUNT)));

    /** Each lane's partner at a distance, which lies at a multiple of twice of it. */
    static final VectorShuffle<Float> BY_1 = partners(1);

    static final VectorShuffle<Float> BY_2 = partners(2);
    static final VectorShuffle<Float> BY_4 = partners(4);
    static final VectorShuffle<Float> BY_8 = partners(8);

    private Lanes() {}

    /** How many of so many numbers go by whole vectors; the rest goes one by one. */
    static int whole(int count) {
        return WIDE ? FLOATS.loopBound(count) : 0;
    }

    /**
     * The sum of the lanes, added in the same order every time: that of {@code reduceLanes} depends
     * on whether the code has been compiled.
     */
    static float sum(FloatVector numbers) {
        FloatVector v = numbers;
        if (COUNT >= 16) {
            v = v.add(v.rearrange(BY_8));
        }
        if (COUNT >= 8) {
            v = v.add(v.rearrange(BY_4));
        }
        v = v.add(v.rearrange(BY_2));
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /** The lanes as bytes, what is above 8 bits cut off. */
    static ByteVector bytes(IntVector numbers) {
        return (ByteVector) numbers.convertShape(VectorOperators.I2B, BYTES, 0);
    }

    /** The lanes rounded to bfloat16, to nearest and to even where two are as near. */
    static ShortVector bfloat16(FloatVector numbers) {
        IntVector bits = numbers.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
        IntVector rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
        return (ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0);
    }

    /** The same of one number. */
    static short bfloat16(float number) {
        int bits = Float.floatToRawIntBits(number);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** Numbers of bfloat16 as float32. */
    static FloatVector floats(ShortVector numbers) {
        IntVector bits = (IntVector) numbers.convertShape(VectorOperators.S2I, INTS, 0);
        return bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /** The same of one number. */
    static float floats(short number) {
        return Float.intBitsToFloat(number << 16);
    }

    private static VectorShuffle<Float> partners(int distance) {
        return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) & COUNT - 1);
    }
}
