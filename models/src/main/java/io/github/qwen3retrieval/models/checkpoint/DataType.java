package io.github.qwen3retrieval.models.checkpoint;

import java.util.Optional;

/** Number formats that weights may be stored in; the names are those of safetensors. */
public enum DataType {
    /** bfloat16: the upper half of a float32. What Qwen3 is published in. */
    BF16(2),
    /** IEEE 754 half precision. */
    F16(2),
    /** IEEE 754 single precision. */
    F32(4);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** The type of this safetensors name, or none if weights cannot be read from it. */
    public static Optional<DataType> named(String name) {
        for (DataType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
