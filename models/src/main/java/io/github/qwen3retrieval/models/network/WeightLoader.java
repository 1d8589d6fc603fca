package io.github.qwen3retrieval.models.network;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.github.qwen3retrieval.models.checkpoint.StoredTensor;
import java.nio.ByteBuffer;

/** Brings bytes of Java into libtorch's hands. What it gives is the caller's to close. */
final class WeightLoader {

    private final Program program;
    private final PtNDManager manager;

    WeightLoader(Program program, PtNDManager manager) {
        this.program = program;
        this.manager = manager;
    }

    Program program() {
        return program;
    }

    /** A tensor of a checkpoint in the precision; without a copy where nothing is converted. */
    Value load(StoredTensor stored, Precision precision) {
        // The binding ends the process when it is told of bfloat16, so those bytes travel as
        // float16 and the program reads them anew.
        DataType label =
                stored.type() == io.github.qwen3retrieval.models.checkpoint.DataType.F32
                        ? DataType.FLOAT32
                        : DataType.FLOAT16;
        try (Value array = over(stored.bytes(), label, stored.shape());
                Value storedType = program.value(IValue.from(torchType(stored)));
                Value computeType = program.value(IValue.from((long) precision.torchType()))) {
            return program.run("weight", array, storedType, computeType);
        }
    }

    /** An array over the memory of a direct buffer, which must outlive its uses. */
    Value over(ByteBuffer bytes, DataType type, long... shape) {
        PtNDArray array =
                JniUtils.createNdFromByteBuffer(
                        manager,
                        bytes,
                        new Shape(shape),
                        type,
                        SparseFormat.DENSE,
                        manager.getDevice());
        return program.value(array);
    }

    /** An array of float32 with its own memory. */
    Value copy(float[] numbers, long... shape) {
        try (Value array = program.value((PtNDArray) manager.create(numbers, new Shape(shape)))) {
            return program.run("copy", array);
        }
    }

    /** The numbers of a tensor. */
    float[] fetch(Value tensor) {
        return program.fetch(tensor, manager);
    }

    private static long torchType(StoredTensor stored) {
        return switch (stored.type()) {
            case F16 -> 5;
            case F32 -> 6;
            case BF16 -> 15;
        };
    }
}
