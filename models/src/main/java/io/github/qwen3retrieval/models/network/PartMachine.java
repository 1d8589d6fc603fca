package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import java.util.EnumMap;
import java.util.Map;

/**
 * Tells whether {@link PartArithmetic} is the faster way on this machine: by a trial, as for {@link
 * FloatProduct}. CPUs that multiply bfloat16 in tiles (AMX) do it eight times as fast as float32,
 * others hardly faster, or have MKL emulate it.
 */
final class PartMachine {

    private static final int ROUNDS = 5;

    /**
     * A little slower will do: all between the products is faster. With AMX it is half of the
     * others' time, on a machine that somebody else uses too sometimes as much; without AMX it is
     * one and a half times of it and more.
     */
    private static final double WORTH_IT = 1.2;

    private static final Map<Precision, Boolean> TRIALS = new EnumMap<>(Precision.class);

    private PartMachine() {}

    /**
     * Whether it is; the first call for a precision in a process tries it, for some hundredths of a
     * second. {@link PyTorch#start} must have been called.
     *
     * @param precision float32 or bfloat16
     */
    static synchronized boolean suits(Precision precision) {
        return TRIALS.computeIfAbsent(precision, PartMachine::faster);
    }

    private static boolean faster(Precision precision) {
        if (JavaVectors.present() == false || Bfloat16Gemm.present() == false) {
            return false;
        }
        NumberType type = precision == Precision.FLOAT32 ? NumberType.FLOAT32 : NumberType.BFLOAT16;
        FloatProduct product = FloatProduct.of(precision, Device.cpu());
        int parts = PartArithmetic.parts(precision);
        try (GemmProbe probe = new GemmProbe(Device.cpu(), new LiveArrays(), product);
                TimedProduct byParts = probe.ofParts(parts, Trial.WEIGHTS, Trial.ROWS);
                TimedProduct whole = probe.product(type, Trial.WEIGHTS, Trial.ROWS)) {
            return Trial.ratio(ROUNDS, byParts, whole) < WORTH_IT;
        }
    }
}
