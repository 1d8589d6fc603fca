package io.github.qwen3retrieval.models.network;

import ai.djl.pytorch.engine.PtNDManager;
import io.github.qwen3retrieval.models.checkpoint.Qwen3Config;
import io.github.qwen3retrieval.models.int8.Projection;
import io.github.qwen3retrieval.models.rows.GateParts;
import io.github.qwen3retrieval.models.rows.NormParts;
import io.github.qwen3retrieval.models.rows.PartSum;
import io.github.qwen3retrieval.models.rows.PlainParts;
import io.github.qwen3retrieval.models.rows.Rows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Products of rows that are bfloat16 parts with matrices that are bfloat16. With three parts of
 * each number they are the products in float32, with one those in bfloat16, but added up and kept
 * in float32.
 */
final class PartProducts implements Products {

    /**
     * Up to so many rows all parts are multiplied at once, so that the matrix is read once; beyond,
     * the products of the parts would no longer stay in the cache.
     */
    private static final int STACKED = 128;

    private final PartWeights weights;
    private final int parts;
    private final Qwen3Config config;
    private final NormParts norm;
    private final PlainParts plain;
    private final GateParts gate;
    private final Map<Projection, PartSum> sums = new EnumMap<>(Projection.class);

    private PartProducts(PartWeights weights) {
        this.weights = weights;
        parts = weights.parts;
        config = weights.config;
        norm = new NormParts(config.hiddenSize(), parts, (float) config.rmsNormEps());
        plain = new PlainParts(Projection.ATTENTION_OUTPUT.columns(config), parts);
        gate = new GateParts(config.intermediateSize(), parts);
        for (Projection matrix : Projection.values()) {
            sums.put(matrix, new PartSum(matrix.rows(config), parts));
        }
    }

    @Override
    public ScaledRows norm(Rows stream, int first, int count, float[] gain) {
        return parts(count, Projection.QKV)
                .writtenBy(to -> norm.run(stream, first, count, gain, to.numbers().bytes()));
    }

    @Override
    public ScaledRows plain(Rows attended, int first, int count) {
        return parts(count, Projection.ATTENTION_OUTPUT)
                .writtenBy(to -> plain.run(attended, first, count, to.numbers().bytes()));
    }

    @Override
    public ScaledRows gate(ScaledRows gateAndUp) {
        Rows rows = rows(gateAndUp, Projection.GATE_UP);
        return parts(gateAndUp.count(), Projection.DOWN)
                .writtenBy(to -> gate.run(rows, to.count(), to.numbers().bytes()));
    }

    /** Memory for the parts of rows that a matrix is multiplied with. */
    private ScaledRows parts(int count, Projection matrix) {
        int type = Precision.BFLOAT16.torchType();
        return rows(count, type, (long) parts * count, matrix.columns(config));
    }

    private ScaledRows rows(int count, int type, long... shape) {
        float[] worth = new float[count];
        Arrays.fill(worth, 1);
        Value memory = weights.program.memory(type, shape);
        return new ScaledRows(SharedTensor.of(memory, weights.manager), worth);
    }

    @Override
    public ScaledRows multiply(ScaledRows rows, int layer, Projection matrix) {
        int type = Precision.FLOAT32.torchType();
        int width = matrix.rows(config);
        return rows(rows.count(), type, rows.count(), width)
                .writtenBy(to -> multiply(rows, layer, matrix, to.numbers().bytes(), false));
    }

    @Override
    public Rows rows(ScaledRows product, Projection matrix) {
        return Rows.float32(product.numbers().bytes(), matrix.rows(config));
    }

    @Override
    public void add(ScaledRows rows, int layer, Projection matrix, SharedTensor stream, int first) {
        int rowBytes = config.hiddenSize() * Float.BYTES;
        ByteBuffer onto = stream.bytes().slice(first * rowBytes, rows.count() * rowBytes);
        multiply(rows, layer, matrix, onto, true);
    }

    private void multiply(
            ScaledRows rows, int layer, Projection matrix, ByteBuffer to, boolean add) {
        int count = rows.count();
        ByteBuffer x = rows.numbers().bytes();
        if (parts > 1 && count <= STACKED) {
            int type = Precision.FLOAT32.torchType();
            int width = matrix.rows(config);
            try (ScaledRows apart = rows(count, type, (long) parts * count, width)) {
                ByteBuffer products = apart.numbers().bytes();
                weights.multiply(layer, matrix, parts * count, x, products, false);
                Rows onto = Rows.float32(to, width);
                sums.get(matrix).run(Rows.float32(products, width), count, onto, 0, add);
            }
        } else {
            int partBytes = count * matrix.columns(config) * Short.BYTES;
            for (int part = 0; part < parts; part++) {
                ByteBuffer of = x.slice(part * partBytes, partBytes);
                weights.multiply(layer, matrix, count, of, to, add || part > 0);
            }
        }
    }

    /**
     * The matrices of all layers, where they lie in the mapped file.
     *
     * @param program with rows.torchscript
     * @param manager of the network
     * @param config of the checkpoint
     * @param parts of a number that is multiplied with them
     * @param layers what each projection of a layer consists of, one below the other
     * @param finalGain closed with this
     */
    record PartWeights(
            Program program,
            PtNDManager manager,
            Qwen3Config config,
            int parts,
            ByteBuffer[][][] layers,
            Value finalGain)
            implements Matrices {

        @Override
        public Products products(Interruption interruption) {
            return new PartProducts(this);
        }

        void multiply(
                int layer, Projection matrix, int rows, ByteBuffer x, ByteBuffer y, boolean add) {
            int depth = matrix.columns(config);
            int stride = matrix.rows(config);
            int column = 0;
            for (ByteBuffer one : layers[layer][matrix.ordinal()]) {
                int columns = one.remaining() / (depth * Short.BYTES);
                int start = column * Float.BYTES;
                Bfloat16Gemm.multiply(
                        new Bfloat16Gemm.Sizes(rows, columns, depth, stride),
                        x,
                        one,
                        y.slice(start, y.remaining() - start),
                        add);
                column += columns;
            }
        }

        @Override
        public void close() {
            finalGain.close();
        }
    }
}
