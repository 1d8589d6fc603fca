package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How libtorch multiplies by matrices of weights. In float32 it has two libraries for it, and which
 * is the faster depends on the CPU: MKL by a few per cent on Intel's, oneDNN on AMD's with AVX-512,
 * where MKL leaves half of the width unused, by a fifth (Zen 4) or more than twice (Zen 5). So it
 * is tried, and in bfloat16 whether laying matrices out for oneDNN beforehand does harm.
 */
enum FloatProduct {
    /**
     * {@code torch.linear}: MKL in float32, where libtorch has it; in all types, on all devices.
     */
    LINEAR("linear.torchscript"),
    /** oneDNN with matrices laid out for it, on CPUs. */
    ONEDNN("onednn.torchscript");

    private static final Logger logger = LoggerFactory.getLogger(FloatProduct.class);

    private static final int ROUNDS = 9;

    /**
     * In bfloat16 torch.linear is oneDNN too, but lays a matrix out anew for each product: of a few
     * rows that is a third of the time (Zen 4), of those that are tried next to nothing.
     */
    private static final double WORTH_IT_IN_BFLOAT16 = 1.1;

    private static final Map<Precision, FloatProduct> TRIALS = new EnumMap<>(Precision.class);

    private final String resource;

    FloatProduct(String resource) {
        this.resource = resource;
    }

    /** Resource with the methods {@code packed} and {@code product} of a program. */
    String resource() {
        return resource;
    }

    /** Whether it likes a matrix better when it is packed: see {@link Packing}. */
    boolean packs() {
        return this == ONEDNN;
    }

    /**
     * The faster way on this machine; the first call for a precision in a process tries both, for
     * some tenths of a second. {@link PyTorch#start} must have been called.
     *
     * @param precision float32 or bfloat16
     */
    static FloatProduct of(Precision precision, Device device) {
        return device.isGpu() ? LINEAR : tried(precision);
    }

    private static synchronized FloatProduct tried(Precision precision) {
        return TRIALS.computeIfAbsent(precision, FloatProduct::faster);
    }

    private static FloatProduct faster(Precision precision) {
        boolean floats = precision == Precision.FLOAT32;
        NumberType type = floats ? NumberType.FLOAT32 : NumberType.BFLOAT16;
        try (GemmProbe linear = probe(LINEAR);
                TimedProduct byLinear = linear.product(type, Trial.WEIGHTS, Trial.ROWS);
                GemmProbe onednn = probe(ONEDNN);
                TimedProduct byOnednn = onednn.product(type, Trial.WEIGHTS, Trial.ROWS)) {
            double ratio = Trial.ratio(ROUNDS, byOnednn, byLinear);
            FloatProduct faster = ratio < (floats ? 1 : WORTH_IT_IN_BFLOAT16) ? ONEDNN : LINEAR;
            logger.info(
                    "{} products by [{}]: oneDNN took {} % of what torch.linear did",
                    precision, faster.name().toLowerCase(Locale.ROOT), Math.round(100 * ratio));
            return faster;
        } catch (RuntimeException e) {
            // a libtorch without oneDNN, or a CPU that it has none of this type for
            return LINEAR;
        }
    }

    private static GemmProbe probe(FloatProduct product) {
        return new GemmProbe(Device.cpu(), new LiveArrays(), product);
    }
}
