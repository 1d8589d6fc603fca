package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Preparation;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.GateRounding;
import io.github.qwen3retrieval.models.rows.NormRounding;
import io.github.qwen3retrieval.models.rows.PlainRounding;
import io.github.qwen3retrieval.models.rows.Rows;
import io.github.qwen3retrieval.models.rows.StepSum;
import java.util.Arrays;

/** Products in 8-bit integers: rows are rounded to bytes in steps of their own. */
final class Int8Products implements Products {

    /** Tensors of one matrix in the list of a layer: numbers, scales, zero points. */
    private static final int TENSORS = 3;

    /** Code of the type of unsigned bytes in torch's enumeration of scalar types. */
    private static final int UNSIGNED_BYTES = 0;

    /**
     * Products are bfloat16: half as much to write and read as float32, and nearer than what 8 bits
     * leave of them.
     */
    private static final int PRODUCT_TYPE = Precision.BFLOAT16.torchType();

    /**
     * Bytes of a layer that are worth a thread: to read the part of one of its four products takes
     * 5 µs at 25 GB/s, about what it takes some threads to meet again.
     */
    private static final long BYTES_PER_THREAD = 512 * 1024;

    /**
     * Threads for a product at most. OpenMP keeps those that a thread of ours has taken, for its
     * next product, so that there may be as many times more of them than passes.
     */
    private static final int MOST_THREADS = 8;

    private final Int8Weights weights;
    private final NormRounding norm;
    private final PlainRounding plain;
    private final GateRounding gate;
    private final StepSum sum;
    private final Interruption interruption;

    private Int8Products(Int8Weights weights, Interruption interruption) {
        this.weights = weights;
        this.interruption = interruption;
        Qwen3Config config = weights.config;
        float epsilon = (float) config.rmsNormEps();
        norm = new NormRounding(config.hiddenSize(), block(Projection.QKV), epsilon);
        plain = new PlainRounding(Projection.ATTENTION_OUTPUT.columns(config));
        gate = new GateRounding(config.intermediateSize(), block(Projection.DOWN));
        sum = new StepSum(config.hiddenSize());
    }

    private int block(Projection before) {
        return Preparation.before(before, weights.config).block();
    }

    @Override
    public ScaledRows norm(Rows stream, int first, int count, float[] gain) {
        return bytes(Projection.QKV, new float[count])
                .writtenBy(to -> norm.run(stream, first, gain, to.numbers().bytes(), to.worth()));
    }

    @Override
    public ScaledRows plain(Rows attended, int first, int count) {
        return bytes(Projection.ATTENTION_OUTPUT, new float[count])
                .writtenBy(to -> plain.run(attended, first, to.numbers().bytes(), to.worth()));
    }

    @Override
    public ScaledRows gate(ScaledRows gateAndUp) {
        Rows rows = rows(gateAndUp, Projection.GATE_UP);
        return bytes(Projection.DOWN, gateAndUp.worth().clone())
                .writtenBy(to -> gate.run(rows, to.numbers().bytes(), to.worth()));
    }

    /** Memory for rows that a matrix is multiplied with. */
    private ScaledRows bytes(Projection matrix, float[] worth) {
        Value memory =
                weights.program.memory(
                        UNSIGNED_BYTES, worth.length, matrix.columns(weights.config));
        return new ScaledRows(SharedTensor.of(memory, weights.manager), worth);
    }

    @Override
    public ScaledRows multiply(ScaledRows rows, int layer, Projection matrix) {
        return new ScaledRows(
                SharedTensor.of(product(rows, layer, matrix), weights.manager), rows.worth());
    }

    /**
     * By as many threads as there are: sums of integers are the same in any order, and each is
     * scaled by itself. All matrices get as many: for fewer OpenMP would end threads, and make them
     * anew for the next.
     */
    private Value product(ScaledRows rows, int layer, Projection matrix) {
        int threads = Math.min(interruption.threads(), weights.worthwhileThreads);
        if (threads > 1) {
            PyTorch.threads(threads);
        }
        try {
            return weights.program.run(
                    "multiply",
                    rows.numbers().value(),
                    weights.layers.layer(layer),
                    weights.places[matrix.ordinal()],
                    weights.productType);
        } finally {
            if (threads > 1) {
                // sums of floats, as in attention, are not the same by several
                PyTorch.threads(1);
            }
        }
    }

    @Override
    public Rows rows(ScaledRows product, Projection matrix) {
        return Rows.bfloat16(product.numbers().bytes(), matrix.rows(weights.config));
    }

    @Override
    public void add(ScaledRows rows, int layer, Projection matrix, SharedTensor stream, int first) {
        Rows onto = Rows.float32(stream.bytes(), weights.config.hiddenSize());
        try (ScaledRows product = multiply(rows, layer, matrix)) {
            sum.run(rows(product, matrix), product.worth(), onto, first);
        }
    }

    /** The packed matrices of all layers. */
    static final class Int8Weights implements Matrices {

        private final Program program;
        private final PtNDManager manager;
        private final Qwen3Config config;
        private final Weights layers;
        private final Value productType;
        private final Value[] places;
        private final int worthwhileThreads;

        /**
         * Takes the weights over.
         *
         * @param program with int8.torchscript
         * @param layers packed matrices, in the order of {@link Projection}
         */
        Int8Weights(Program program, PtNDManager manager, Qwen3Config config, Weights layers) {
            this.program = program;
            this.manager = manager;
            this.config = config;
            this.layers = layers;
            worthwhileThreads = Math.clamp(bytes(config) / BYTES_PER_THREAD, 1, MOST_THREADS);
            productType = program.value(IValue.from((long) PRODUCT_TYPE));
            places =
                    Arrays.stream(Projection.values())
                            .map(matrix -> IValue.from((long) TENSORS * matrix.ordinal()))
                            .map(program::value)
                            .toArray(Value[]::new);
        }

        private static long bytes(Qwen3Config config) {
            return Arrays.stream(Projection.values())
                    .mapToLong(matrix -> matrix.bytes(config))
                    .sum();
        }

        @Override
        public Products products(Interruption interruption) {
            return new Int8Products(this, interruption);
        }

        @Override
        public Value finalGain() {
            return layers.finalGain();
        }

        @Override
        public void close() {
            Arrays.stream(places).forEach(Value::close);
            productType.close();
            layers.close();
        }
    }
}
