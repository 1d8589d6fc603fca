package io.github.qwen3retrieval.models.network;

import ai.djl.Device;
import io.github.qwen3retrieval.models.network.GemmProbe.NumberType;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How libtorch multiplies by matrices of weights. In float32 it has two libraries for it, and which
 * is the faster depends on the CPU: MKL by a few per cent on Intel's, oneDNN on AMD's with AVX-512,
 * where MKL leaves half of the width unused, by a fifth (Zen 4) or more than twice (Zen 5). So it
 * is tried.
 */
enum FloatProduct {
    /**
     * {@code torch.linear}: MKL in float32, where libtorch has it; in all types, on all devices.
     */
    LINEAR("linear.torchscript"),
    /** oneDNN, in float32 on CPUs. */
    ONEDNN("onednn.torchscript");

    private static final Logger logger = LoggerFactory.getLogger(FloatProduct.class);

    private static final int ROUNDS = 9;

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
     * The faster way on this machine; the first call in a process tries both, for some tenths of a
     * second. {@link PyTorch#start} must have been called.
     */
    static FloatProduct of(Precision precision, Device device) {
        return precision == Precision.FLOAT32 && device.isGpu() == false
                ? Tried.FASTER
                : FloatProduct.LINEAR;
    }

    private static final class Tried {

        static final FloatProduct FASTER = faster();

        private static FloatProduct faster() {
            try (GemmProbe linear = probe(LINEAR);
                    TimedProduct byLinear = product(linear);
                    GemmProbe onednn = probe(ONEDNN);
                    TimedProduct byOnednn = product(onednn)) {
                double ratio = Trial.ratio(ROUNDS, byOnednn, byLinear);
                FloatProduct faster = ratio < 1 ? ONEDNN : LINEAR;
                logger.info(
                        "float32 products by [{}]: oneDNN took {} % of what torch.linear did",
                        faster.name().toLowerCase(Locale.ROOT), Math.round(100 * ratio));
                return faster;
            } catch (RuntimeException e) {
                // a libtorch without oneDNN
                return LINEAR;
            }
        }

        private static GemmProbe probe(FloatProduct product) {
            return new GemmProbe(Device.cpu(), new LiveArrays(), product);
        }

        private static TimedProduct product(GemmProbe probe) {
            return probe.product(NumberType.FLOAT32, Trial.WEIGHTS, Trial.ROWS);
        }
    }
}
