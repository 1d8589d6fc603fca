package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.rows.Rows;
import java.nio.ByteBuffer;

/** What attention computes in where products with weights are in 8-bit integers. */
enum KeyType {
    /** At least as fast on most CPUs. */
    FLOAT32(Precision.FLOAT32),
    /**
     * Two to three times as fast where the CPU multiplies bfloat16 in tiles (AMX); what it rounds
     * off is a tenth of what 8-bit integers do.
     */
    BFLOAT16(Precision.BFLOAT16);

    private static final long TRIED_TOKENS = 512;
    private static final int ROUNDS = 3;

    /** bfloat16 is not worth a few per cent, which another try might find the other way round. */
    private static final double WORTH_IT = 0.7;

    /**
     * The same where float32 is Java's, which takes six to seven tenths of the time that libtorch
     * takes, which is what is tried: Java's loops are not compiled yet.
     */
    private static final double WORTH_IT_BESIDE_JAVA = 0.5;

    private static KeyType faster;

    private final Precision precision;

    KeyType(Precision precision) {
        this.precision = precision;
    }

    /**
     * The one that is right for this machine; the first call in a process tries both, for some
     * hundredths of a second.
     *
     * @param program with int8.torchscript
     */
    static synchronized KeyType of(Program program) {
        if (faster == null) {
            double ratio =
                    Trial.ratio(
                            ROUNDS,
                            () -> BFLOAT16.seconds(program),
                            () -> FLOAT32.seconds(program));
            double limit = JavaAttention.suits(Device.cpu()) ? WORTH_IT_BESIDE_JAVA : WORTH_IT;
            faster = ratio < limit ? BFLOAT16 : FLOAT32;
        }
        return faster;
    }

    /** The one that is as precise as the products, float32 or bfloat16. */
    static KeyType of(Precision products) {
        return products == Precision.FLOAT32 ? FLOAT32 : BFLOAT16;
    }

    private double seconds(Program program) {
        try (Value tokens = program.value(IValue.from(TRIED_TOKENS));
                Value type = program.value(IValue.from((long) torchType()))) {
            long started = ProcessorTime.nanos();
            program.run("attention_alone", tokens, type).close();
            return (ProcessorTime.nanos() - started) / 1e9;
        }
    }

    /** Code of the type in torch's enumeration of scalar types. */
    int torchType() {
        return precision.torchType();
    }

    /** Bytes of one number. */
    int bytes() {
        return precision.bytes();
    }

    /** Rows of so many numbers in a tensor's memory. */
    Rows rows(ByteBuffer memory, int length) {
        return this == FLOAT32 ? Rows.float32(memory, length) : Rows.bfloat16(memory, length);
    }
}
