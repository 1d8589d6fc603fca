package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;

/**
 * A tensor in the memory of the CPU that Java reads or writes where it lies.
 *
 * @param value contiguous, which is closed with this
 * @param bytes its memory, not to be touched after that
 */
record SharedTensor(Value value, ByteBuffer bytes) implements AutoCloseable {

    /** The memory of a tensor, which is taken over. */
    static SharedTensor of(Value value, PtNDManager manager) {
        boolean done = false;
        try {
            SharedTensor shared = new SharedTensor(value, memory(value, manager));
            done = true;
            return shared;
        } finally {
            if (done == false) {
                value.close();
            }
        }
    }

    /** The memory of a contiguous tensor, good as long as the tensor lives. */
    static ByteBuffer memory(Value value, PtNDManager manager) {
        try (PtNDArray handle = value.raw().toTensor(manager)) {
            return JniUtils.getByteBuffer(handle, true);
        }
    }

    @Override
    public void close() {
        value.close();
    }
}
