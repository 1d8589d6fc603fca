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
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Products in 8-bit integers: rows are rounded to bytes in steps of their own. Matrices are in
 * pieces, see {@link Splitting}; sums of integers are the same in any case.
 */
final class Int8Products implements Products {

    /** Tensors of a piece of a matrix in the list of a layer: numbers, scales, zero points. */
    private static final int TENSORS = 3;

    /** Code of the type of unsigned bytes in torch's enumeration of scalar types. */
    private static final int UNSIGNED_BYTES = 0;

    /**
     * Products are bfloat16: half as much to write and read as float32, and nearer than what 8 bits
     * leave of them.
     */
    private static final int PRODUCT_TYPE = Precision.BFLOAT16.torchType();

    private final Int8Weights weights;
    private final Interruption interruption;
    private final RowLanes rowLanes;
    private final Lane[] lanes;

    /** What one thread at a time does to rows. */
    private record Lane(NormRounding norm, PlainRounding plain, GateRounding gate, StepSum sum) {}

    private Int8Products(Int8Weights weights, Interruption interruption) {
        this.weights = weights;
        this.interruption = interruption;
        rowLanes = new RowLanes(interruption, weights.splitting.pieces());
        lanes = new Lane[weights.splitting.pieces()];
        Arrays.setAll(lanes, i -> lane());
    }

    private Lane lane() {
        Qwen3Config config = weights.config();
        float epsilon = (float) config.rmsNormEps();
        return new Lane(
                new NormRounding(config.hiddenSize(), block(Projection.QKV), epsilon),
                new PlainRounding(Projection.ATTENTION_OUTPUT.columns(config)),
                new GateRounding(config.intermediateSize(), block(Projection.DOWN)),
                new StepSum(config.hiddenSize()));
    }

    private int block(Projection before) {
        return Preparation.before(before, weights.config()).block();
    }

    @Override
    public ScaledRows norm(Rows stream, int first, int count, float[] gain) {
        return bytes(
                Projection.QKV,
                new float[count],
                (lane, from, to, worth) ->
                        lane.norm.run(stream.from(first + from), 0, gain, to, worth));
    }

    @Override
    public ScaledRows plain(Rows attended, int first, int count) {
        return bytes(
                Projection.ATTENTION_OUTPUT,
                new float[count],
                (lane, from, to, worth) ->
                        lane.plain.run(attended.from(first + from), 0, to, worth));
    }

    @Override
    public ScaledRows gate(ScaledRows gateAndUp) {
        return bytes(
                Projection.DOWN,
                gateAndUp.worth().clone(),
                (lane, from, to, worth) ->
                        lane.gate.run(rows(gateAndUp, Projection.GATE_UP).from(from), to, worth));
    }

    /** Writes rows as bytes, from one on as many as there are in {@code worth}. */
    private interface Rounding {
        void run(Lane lane, int from, ByteBuffer to, float[] worth);
    }

    /** Rows that a matrix is multiplied with. */
    private ScaledRows bytes(Projection matrix, float[] worth, Rounding rounding) {
        int width = matrix.columns(weights.config());
        Value memory = weights.program.memory(UNSIGNED_BYTES, worth.length, width);
        return new ScaledRows(SharedTensor.of(memory, weights.manager), worth)
                .writtenBy(
                        to ->
                                rowLanes.share(
                                        worth,
                                        (lane, from, some) ->
                                                rounding.run(
                                                        lanes[lane],
                                                        from,
                                                        to.numbers()
                                                                .bytes()
                                                                .slice(
                                                                        from * width,
                                                                        some.length * width),
                                                        some)));
    }

    @Override
    public ScaledRows multiply(ScaledRows rows, int layer, Projection matrix) {
        SharedTensor[] products = new SharedTensor[weights.splitting.pieces()];
        boolean done = false;
        try {
            interruption.share(
                    products.length,
                    piece -> products[piece] = product(rows, layer, matrix, piece));
            done = true;
            return new ScaledRows(List.of(products), rows.worth());
        } finally {
            if (done == false) {
                Arrays.stream(products).filter(Objects::nonNull).forEach(SharedTensor::close);
            }
        }
    }

    private SharedTensor product(ScaledRows rows, int layer, Projection matrix, int piece) {
        Value product =
                weights.program.run(
                        "multiply",
                        rows.numbers().value(),
                        weights.layers.layer(layer),
                        weights.place(matrix, piece),
                        weights.productType);
        return SharedTensor.of(product, weights.manager);
    }

    @Override
    public Rows rows(ScaledRows product, Projection matrix) {
        int width = matrix.rows(weights.config()) / weights.splitting.pieces();
        return Rows.beside(
                product.columns().stream()
                        .map(columns -> Rows.bfloat16(columns.bytes(), width))
                        .toList());
    }

    @Override
    public void add(ScaledRows rows, int layer, Projection matrix, SharedTensor stream, int first) {
        Rows onto = Rows.float32(stream.bytes(), weights.config().hiddenSize());
        try (ScaledRows product = multiply(rows, layer, matrix)) {
            rowLanes.share(
                    product.worth(),
                    (lane, from, worth) ->
                            lanes[lane].sum.run(
                                    rows(product, matrix).from(from),
                                    worth,
                                    onto.from(first + from),
                                    0));
        }
    }

    /** The packed matrices of all layers. */
    static final class Int8Weights implements Matrices {

        private final Program program;
        private final PtNDManager manager;
        private final Splitting splitting;
        private final Weights layers;
        private final Value productType;
        private final Value[] places;

        /**
         * Takes the weights over.
         *
         * @param program with int8.torchscript
         * @param layers packed matrices, in the order of {@link Projection}, of each its pieces
         */
        Int8Weights(Program program, PtNDManager manager, Splitting splitting, Weights layers) {
            this.program = program;
            this.manager = manager;
            this.splitting = splitting;
            this.layers = layers;
            productType = program.value(IValue.from((long) PRODUCT_TYPE));
            places =
                    IntStream.range(0, Projection.values().length * splitting.pieces())
                            .mapToObj(i -> program.value(IValue.from((long) TENSORS * i)))
                            .toArray(Value[]::new);
        }

        private Qwen3Config config() {
            return splitting.config();
        }

        private Value place(Projection matrix, int piece) {
            return places[matrix.ordinal() * splitting.pieces() + piece];
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
