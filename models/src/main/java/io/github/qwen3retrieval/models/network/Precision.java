package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The arithmetic a network computes in. */
public enum Precision {
    /** {@link #FLOAT32} on a CPU, {@link #BFLOAT16} on CUDA. */
    AUTO(0, 0),
    /** As exact as the official code in float32. */
    FLOAT32(6, 4),
    /** Half the memory; fast only where the hardware multiplies bfloat16. */
    BFLOAT16(15, 2),
    /**
     * A quarter of the memory and several times as fast, a little less exact; on CPUs that multiply
     * 8-bit integers.
     */
    INT8(1, 1);

    private final int torchType;
    private final int bytes;

    Precision(int torchType, int bytes) {
        this.torchType = torchType;
        this.bytes = bytes;
    }

    /**
     * The precision of that name.
     *
     * @throws IllegalArgumentException if there is none, with the names there are
     */
    public static Precision parse(String name) {
        for (Precision precision : values()) {
            if (precision.toString().equals(name)) {
                return precision;
            }
        }
        String known =
                Arrays.stream(values()).map(Precision::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "[precision] must be one of [" + known + "], got [" + name + "]");
    }

    /** This precision, or what {@link #AUTO} stands for on the device. */
    Precision on(Device device) {
        if (this != AUTO) {
            return this;
        }
        return device.isGpu() ? BFLOAT16 : FLOAT32;
    }

    /** Code of the type in torch's enumeration of scalar types. */
    int torchType() {
        return torchType;
    }

    /** Bytes of one number. */
    int bytes() {
        return bytes;
    }

    /** The name in settings and on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
