package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;

/**
 * A value in native memory that is counted as long as it lives. Its owner closes it; one that is
 * not closed is leaked for good.
 */
final class Value implements AutoCloseable {

    private final IValue raw;
    private final PtNDArray array;
    private final LiveArrays live;

    private Value(IValue raw, PtNDArray array, LiveArrays live) {
        this.raw = raw;
        this.array = array;
        this.live = live;
        live.made();
    }

    /** Takes a value over from the binding. */
    static Value of(IValue raw, LiveArrays live) {
        return new Value(raw, null, live);
    }

    /**
     * An array and the memory under it, which libtorch does not keep: the array is closed with the
     * value.
     */
    static Value of(PtNDArray array, LiveArrays live) {
        boolean made = false;
        try {
            Value value = new Value(IValue.from(array), array, live);
            made = true;
            return value;
        } finally {
            if (made == false) {
                array.close();
            }
        }
    }

    IValue raw() {
        return raw;
    }

    static IValue[] raws(Value... values) {
        return Arrays.stream(values).map(Value::raw).toArray(IValue[]::new);
    }

    @Override
    public void close() {
        if (raw.isReleased() == false) {
            raw.close();
            if (array != null) {
                array.close();
            }
            live.closed();
        }
    }
}
