package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs matrix products alone, by the operators that networks use: what a thread of this machine can
 * reach in practice. One for each thread; the thread that makes it uses and closes it.
 */
public final class GemmProbe implements AutoCloseable {

    /** What a product multiplies. */
    public enum NumberType {
        /** float32, by the fastest way there is for weights that are bfloat16 in the checkpoint. */
        FLOAT32(6),
        /** bfloat16, likewise. */
        BFLOAT16(15),
        /**
         * oneDNN's {@code qlinear_pointwise} of unsigned by signed bytes: for CPUs with VNNI
         * instructions, others may saturate in between.
         */
        INT8(0);

        private final long torchType;

        NumberType(long torchType) {
            this.torchType = torchType;
        }
    }

    /**
     * Weights of a product.
     *
     * @param out numbers per row of the result, N
     * @param in numbers per row of what is multiplied, K
     */
    public record Matrix(int out, int in) {}

    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final LiveArrays live;
    private final int parts;

    /**
     * A probe of the calling thread on a device; {@link PyTorch#start} must have been called.
     *
     * @param numbers what it will multiply
     */
    public GemmProbe(NumberType numbers, Device device, LiveArrays live) {
        this(device, live, product(numbers, device), parts(numbers, device));
    }

    private static FloatProduct product(NumberType numbers, Device device) {
        return switch (numbers) {
            case FLOAT32 -> FloatProduct.of(Precision.FLOAT32, device);
            case BFLOAT16 -> FloatProduct.of(Precision.BFLOAT16, device);
            case INT8 -> FloatProduct.LINEAR;
        };
    }

    /** Of each number where {@link PartArithmetic} is the fastest way, else 0. */
    private static int parts(NumberType numbers, Device device) {
        if (numbers == NumberType.INT8 || device.isGpu()) {
            return 0;
        }
        Precision precision =
                numbers == NumberType.FLOAT32 ? Precision.FLOAT32 : Precision.BFLOAT16;
        return PartMachine.suits(precision) ? PartArithmetic.parts(precision) : 0;
    }

    /** A probe of one of libtorch's ways to multiply what is no int8. */
    GemmProbe(Device device, LiveArrays live, FloatProduct product) {
        this(device, live, product, 0);
    }

    private GemmProbe(Device device, LiveArrays live, FloatProduct product, int parts) {
        PyTorch.enter();
        this.live = live;
        this.parts = parts;
        manager = PyTorch.newManager(device);
        byte[] archive = ScriptArchive.of("gemm.torchscript", product.resource());
        try {
            module = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A product of random rows by random weights, the caller's to close before the probe.
     *
     * @param rows rows of what is multiplied, M
     */
    TimedProduct product(NumberType numbers, Matrix weights, int rows) {
        if (parts > 0) {
            return ofParts(parts, weights, rows);
        }
        return numbers == NumberType.INT8
                ? new OneProduct("int8_product", bytes(weights, rows))
                : new OneProduct("float_product", floats(numbers, weights, rows));
    }

    /** The same of rows of bfloat16 parts by weights in bfloat16, part by part. */
    TimedProduct ofParts(int parts, Matrix weights, int rows) {
        return new PartsProduct(parts, weights, rows);
    }

    /**
     * Multiplies rows by the same weights again and again.
     *
     * @param rows rows of what is multiplied, M
     * @param seconds how long
     * @return seconds of one product: the median, after one product to warm up
     */
    public double secondsOfOne(NumberType numbers, Matrix weights, int rows, double seconds) {
        try (TimedProduct product = product(numbers, weights, rows)) {
            return product.median(seconds, System::nanoTime);
        }
    }

    /** By a method of the program. */
    private final class OneProduct extends TimedProduct {

        private final String method;
        private final Value operands;

        OneProduct(String method, Value operands) {
            this.method = method;
            this.operands = operands;
        }

        @Override
        void multiply() {
            run(method, operands).close();
        }

        @Override
        public void close() {
            operands.close();
        }
    }

    /** Of as many parts as a number has, added up where the first one was written. */
    private final class PartsProduct extends TimedProduct {

        private final int parts;
        private final int bytes;
        private final Bfloat16Gemm.Sizes sizes;
        private final List<SharedTensor> operands;

        PartsProduct(int parts, Matrix weights, int rows) {
            this.parts = parts;
            int depth = weights.in();
            bytes = rows * depth * Short.BYTES;
            sizes = new Bfloat16Gemm.Sizes(rows, weights.out(), depth, weights.out());
            try (Value m = value(IValue.from((long) parts * rows));
                    Value n = value(IValue.from((long) weights.out()));
                    Value k = value(IValue.from((long) depth));
                    Value tensors = run("part_operands", m, n, k)) {
                operands = shared(tensors);
            }
        }

        @Override
        void multiply() {
            ByteBuffer x = operands.get(0).bytes();
            ByteBuffer w = operands.get(1).bytes();
            ByteBuffer y = operands.get(2).bytes();
            for (int part = 0; part < parts; part++) {
                Bfloat16Gemm.multiply(sizes, x.slice(part * bytes, bytes), w, y, part > 0);
            }
        }

        @Override
        public void close() {
            operands.forEach(SharedTensor::close);
        }
    }

    /** The tensors of a list, all of them or none. */
    private List<SharedTensor> shared(Value list) {
        List<SharedTensor> tensors = new ArrayList<>();
        boolean all = false;
        try {
            for (IValue raw : list.raw().toIValueArray()) {
                tensors.add(SharedTensor.of(value(raw), manager));
            }
            all = true;
            return tensors;
        } finally {
            if (all == false) {
                tensors.forEach(SharedTensor::close);
            }
        }
    }

    private Value floats(NumberType numbers, Matrix weights, int rows) {
        FloatBuffer one = FloatBuffer.wrap(new float[1]);
        try (Value m = value(IValue.from((long) rows));
                Value n = value(IValue.from((long) weights.out()));
                Value k = value(IValue.from((long) weights.in()));
                Value type = value(IValue.from(numbers.torchType));
                Value like = Value.of(manager.create(one, new Shape(1), DataType.FLOAT32), live)) {
            return run("float_operands", m, n, k, type, like);
        }
    }

    private Value bytes(Matrix weights, int rows) {
        try (Value m = value(IValue.from((long) rows));
                Value n = value(IValue.from((long) weights.out()));
                Value k = value(IValue.from((long) weights.in()))) {
            return run("int8_operands", m, n, k);
        }
    }

    private Value value(IValue raw) {
        return Value.of(raw, live);
    }

    private Value run(String method, Value... arguments) {
        return value(IValueUtils.runMethod(module, method, Value.raws(arguments)));
    }

    @Override
    public void close() {
        manager.close();
    }
}
