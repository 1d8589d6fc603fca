package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.jni.IValue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lays matrices out as their product likes them best, where that is right: libtorch 2.7.1 packs
 * some shapes so that wrong numbers come out, on a CPU with AVX-512 those whose rows do not fill
 * oneDNN's blocks of 64. Which blocks there are depends on the CPU, so each shape is tried before
 * it is relied on, once in a process.
 */
final class Packing {

    /** In float32, and in bfloat16, whose numbers are the sum rounded to 8 bits. */
    private static final float TOLERATED = 1e-4f;

    private static final float TOLERATED_OF_BFLOAT16 = 0.01f;

    private static final Map<Shape, Boolean> RIGHT = new ConcurrentHashMap<>();

    private final WeightLoader loader;
    private final FloatProduct product;
    private final Precision precision;

    private record Shape(long rows, long columns, Precision precision) {}

    /**
     * For matrices of a program that goes on with a product's resource.
     *
     * @param precision of the matrices
     */
    Packing(WeightLoader loader, FloatProduct product, Precision precision) {
        this.loader = loader;
        this.product = product;
        this.precision = precision;
    }

    /** Whether matrices [rows, columns] are better packed, and right when they are. */
    boolean suits(long rows, long columns) {
        return product.packs()
                && RIGHT.computeIfAbsent(new Shape(rows, columns, precision), this::right);
    }

    /**
     * A matrix that suits, for the program's {@code product}; what comes in is closed.
     *
     * @param matrix in memory of its own
     */
    Value of(Value matrix) {
        try (matrix) {
            return loader.program().run("packed", matrix);
        }
    }

    private boolean right(Shape shape) {
        Program program = loader.program();
        try (Value rows = program.value(IValue.from(shape.rows));
                Value columns = program.value(IValue.from(shape.columns));
                Value type = program.value(IValue.from((long) precision.torchType()));
                Value error = program.run("packing_error", rows, columns, type)) {
            boolean floats = precision == Precision.FLOAT32;
            return loader.fetch(error)[0] < (floats ? TOLERATED : TOLERATED_OF_BFLOAT16);
        }
    }
}
